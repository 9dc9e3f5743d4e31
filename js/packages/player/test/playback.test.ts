import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../src/data/api-problem.ts';
import { ChunkError, chunkKey } from '../src/data/chunk-error.ts';
import { Timeline } from '../src/data/timeline.ts';
import type { Manifest, WindowInfo } from '../src/data/types.ts';
import { Playback, SPEEDS, type PlaybackSource, type Screen } from '../src/playback/playback.ts';
import type { Shown } from '../src/stage/stage.ts';
import { chunk, manifest, window } from './support/recordings.ts';

/** A stage without pages, which is always where the playhead is unless the test says otherwise. */
class FakeScreen implements Screen {
  isLate = false;
  readonly shown: string[] = [];
  fails: (window: string, time: number) => unknown = () => undefined;
  prefetch: Screen['prefetch'] = () => Promise.resolve();
  fedUntil = 0;
  isLong = false;

  isBehind(): boolean {
    return this.isLate;
  }

  show(w: WindowInfo, time: number): Promise<Shown> {
    const error = this.fails(w.id, time);
    if (error) {
      return Promise.reject(error as Error);
    }
    this.isLate = false;
    this.shown.push(`${w.id}@${time}`);
    return Promise.resolve(this.isLong ? 'partly' : w.chunks.some((c) => c.snapshot) ? 'shown' : 'nothing');
  }

  allow(): void {
    this.isLong = false;
  }

  pause(): void {}

  setSpeed(): void {}

  update(): void {}
}

let screen: FakeScreen;
let notices: string[];
let told: Manifest;
let source: PlaybackSource;

function create(...windows: WindowInfo[]): Playback {
  told = manifest(windows);
  const unreadable = new Map<string, string>();
  source = {
    timeline: new Timeline(told), playhead: 0, loader: { drop: () => undefined },
    lose: (error) => {
      if (!error.isLost) {
        return Promise.reject(error.cause as Error);
      }
      unreadable.set(chunkKey(error.window, error.seq), error.reason);
      source.timeline = new Timeline(told, unreadable);
      return Promise.resolve(source.timeline);
    },
  };
  screen = new FakeScreen();
  notices = [];
  return new Playback(screen, source, { onChange: () => undefined, onNotice: (text) => notices.push(text) });
}

/** What the display's clock shows. */
let now = 0;

/** Lets some time pass on the display, frame by frame, and what follows from it happen. Gives the windows that were in view. */
async function pass(playback: Playback, ms: number, frame = 50): Promise<Set<string>> {
  const seen = new Set<string>();
  for (const end = now + ms; now < end && playback.playing; ) {
    now += frame;
    playback.tick(now);
    await settle();
    seen.add(playback.timeline.windowAt(playback.time, playback.preferred)!.id);
  }
  return seen;
}

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const busy = (seq: number, from: number, to: number, snapshot = false) => chunk(seq, from, to, snapshot, [[from, to]]);

async function playing(...windows: WindowInfo[]): Promise<Playback> {
  const playback = create(...windows);
  await playback.seek(0);
  playback.play();
  await settle();
  screen.shown.length = 0;
  return playback;
}

beforeEach(() => vi.useRealTimers());

test('more than the limits is shown on request, and time stands still until then', async () => {
  const playback = create(window('a', 0, 10_000));
  screen.isLong = true;
  screen.fedUntil = 1234;
  playback.play();
  await vi.waitFor(() => expect(playback.loading).toBeUndefined());
  expect([playback.reached, playback.playing]).toEqual([1234, false]);
  await playback.showWhole();
  expect(playback.reached).toBeUndefined();
});

describe('Playback', () => {
  test('goes on from window to window, through what lies between, and ends at the end', async () => {
    const playback = await playing(window('a', 0, 1000, [busy(0, 0, 1000, true)]), window('b', 2000, 3000, [busy(0, 2000, 3000, true)]));
    await pass(playback, 1500);
    expect([screen.shown, playback.playing]).toEqual([[], true]);
    expect(playback.time).toBeGreaterThan(1300);
    await pass(playback, 5000);
    expect([screen.shown, playback.playing, playback.time]).toEqual([['b@2000'], false, 3000]);
  });

  test.each([0, 500, 1000, 1500, 1999, 2000, 2999])('goes on to the end from any moment: %i', async (from) => {
    const playback = create(window('a', 0, 1000, [busy(0, 0, 1000, true)]), window('b', 2000, 3000, [busy(0, 2000, 3000, true)]));
    await playback.seek(from);
    playback.play();
    await settle();
    await pass(playback, 4000);
    expect([playback.playing, playback.time]).toEqual([false, 3000]);
  });

  test('the screen is brought to the playhead, and not the playhead to the screen', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 9000, true)]));
    await pass(playback, 1000);
    const { time } = playback;
    screen.isLate = true;
    playback.tick(now += 50);
    await settle();
    expect(screen.shown).toEqual([`a@${time + 50}`]);
  });

  test('time stands still while nothing is displayed, and while the computer sleeps', async () => {
    const playback = await playing(window('a', 0, 90_000, [busy(0, 0, 90_000, true)]));
    await pass(playback, 1000);
    const { time } = playback;
    playback.hide();
    playback.tick(now += 5000);
    expect(playback.time).toBe(time);
    playback.tick(now += 60_000);
    expect(playback.time).toBe(time);
    playback.tick(now += 100);
    expect(playback.time).toBe(time + 100);
  });

  test('speed is that of the playhead', async () => {
    const playback = await playing(window('a', 0, 90_000, [busy(0, 0, 90_000, true)]));
    playback.tick(now += 50);
    playback.speed = 4;
    const { time } = playback;
    playback.tick(now += 100);
    expect(playback.time).toBe(time + 400);
  });

  test('after a gap it goes on at the next full snapshot, and says so', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 6000), busy(4, 6000, 7000, true), busy(5, 7000, 9000)], [[1, 2]]));
    await pass(playback, 1300);
    expect(screen.shown).toEqual(['a@7000']);
    expect(notices.join()).toMatch(/Skipped 0:06 .*Batches 1 to 2 .*never arrived/);
    expect(playback.playing).toBe(true);
  });

  test('with nothing to be skipped it goes through a gap, and says what is missing', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 6000), busy(4, 6000, 7000, true), busy(5, 7000, 9000)], [[1, 2]]));
    playback.skip = false;
    await pass(playback, 4000);
    expect([screen.shown, notices]).toEqual([[], []]);
    expect(playback.status).toMatch(/missing here until 0:07\. Batches 1 to 2/);
    await pass(playback, 6000);
    expect([playback.playing, playback.time]).toEqual([false, 9000]);
  });

  test('a gap up to the end of a window leads to its end, and then to the next window', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 9000)], [[1, 2]]), window('b', 9500, 9900, [busy(0, 9500, 9900, true)]));
    await pass(playback, 2000);
    expect(screen.shown).toEqual(['a@9000', 'b@9500']);
  });

  test('a gap up to the end of the session ends the playing, once', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 9000)], [[1, 2]]));
    await pass(playback, 2000);
    expect([playback.playing, playback.time, notices.length]).toEqual([false, 9000, 1]);
  });

  test('a chunk that cannot be read while playing becomes a gap, and the playing goes on after it', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(1, 1000, 3000), busy(2, 3000, 4000, true), busy(3, 4000, 9000)]));
    screen.prefetch = () => Promise.reject(new ChunkError('a', 1, new ApiProblem(500, 'chunk-corrupt', 'It is damaged.', '')));
    playback.tick(now += 50);
    await settle();
    screen.prefetch = () => Promise.resolve();
    expect(playback.timeline.gaps).toMatchObject([{ from: 1000, to: 3000, resume: 4000 }]);
    expect([playback.error, playback.playing]).toEqual([undefined, true]);
    expect(notices.join()).toContain('It is damaged.');
    await pass(playback, 1300);
    expect(screen.shown).toEqual(['a@4000']);
  });

  test('a seek to what cannot be read shows what can', async () => {
    const playback = create(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(1, 1000, 3000), busy(2, 3000, 4000, true), busy(3, 4000, 9000)]));
    screen.fails = (_, time) => (time === 2000 && playback.timeline.gaps.length === 0 ? new ChunkError('a', 1, new ApiProblem(410, 'gone', 'It is gone.', '')) : undefined);
    await playback.seek(2000);
    expect(screen.shown).toEqual(['a@2000']);
    expect([playback.error, playback.loading]).toEqual([undefined, undefined]);
    expect(playback.status).toContain('missing here');
  });

  test('when even the first chunk cannot be read the session goes on at what can', async () => {
    const playback = create(window('a', 0, 2000, [busy(0, 0, 2000, true)]), window('b', 3000, 4000, [busy(0, 3000, 4000, true)]));
    screen.fails = (id) => (id === 'a' && playback.timeline.gaps.length === 0 ? new ChunkError('a', 0, new SyntaxError('no batch')) : undefined);
    playback.play();
    await settle();
    expect(playback.status).toContain('No snapshot');
    await pass(playback, 1500);
    expect(screen.shown.at(-1)).toBe('b@3000');
    expect(playback.playing).toBe(true);
  });

  test('when the store is out the playing stops, says why, and goes on where it was when tried again', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 9000, true)]));
    await pass(playback, 4000);
    screen.prefetch = () => Promise.reject(new ChunkError('a', 1, new ApiProblem(503, 'blob-store-unavailable', 'The blob store is unavailable.', '')));
    playback.tick(now += 50);
    await settle();
    expect(playback.error).toMatchObject({ status: 503 });
    expect([playback.playing, playback.timeline.gaps]).toEqual([false, []]);
    await playback.retry();
    expect([playback.error, screen.shown.at(-1)]).toEqual([undefined, `a@${playback.time}`]);
  });
});

describe('several tabs', () => {
  const tabs = () => [window('a', 0, 9000, [chunk(0, 0, 9000, true, [[0, 1000], [6500, 9000]])]), window('b', 2000, 8000, [chunk(0, 2000, 8000, true, [[2000, 4000], [8000, 8000]])])];

  test('the visitor is followed to the tab that is in front, and back', async () => {
    const playback = await playing(...tabs());
    playback.skip = false;
    await pass(playback, 12_000);
    expect(screen.shown.map((s) => s.split('@')[0])).toEqual(['b', 'a', 'b', 'a']);
    expect([playback.time, notices]).toEqual([9000, []]);
  });

  test('each act is seen in its tab from before it on, however fast the visitor goes to and fro, and at any speed', async () => {
    const times = Array.from({ length: 40 }, (_, i) => 1000 + i * 130);
    const of = (id: 'a' | 'b') => times.filter((_, i) => (i % 2 === 0) === (id === 'a'));
    for (const speed of SPEEDS) {
      const make = (id: 'a' | 'b') => window(id, 0, 7000, [chunk(0, 0, 7000, true, [[0, 6900]])]);
      const playback = create(make('a'), make('b'));
      told.markers.push(...times.map((time) => ({ time, window: of('a').includes(time) ? 'a' : 'b', kind: 'click', label: '' })));
      source.timeline = new Timeline(told);
      const turns = source.timeline.segments;
      for (const time of times) {
        expect(source.timeline.windowAt(time)!.id).toBe(of('a').includes(time) ? 'a' : 'b');
      }
      await playback.seek(0);
      playback.skip = false;
      playback.speed = speed;
      playback.play();
      await settle();
      screen.shown.length = 0;
      await pass(playback, 20_000);
      // No turn is stepped over.
      expect(screen.shown).toEqual(turns.slice(1).map((t) => `${t.window.id}@${t.from}`));
    }
  });

  test('a tab that the viewer chose is shown while it goes on, then the visitor is followed', async () => {
    const playback = await playing(...tabs());
    playback.skip = false;
    await playback.prefer('b', 3000);
    screen.shown.length = 0;
    await pass(playback, 8000);
    expect(screen.shown).toEqual(['a@8500']);
  });
});

describe('inactivity', () => {
  const quiet = () => window('a', 0, 100_000, [chunk(0, 0, 5000, true, [[0, 1000]]), chunk(1, 5000, 90_000, false, []), chunk(2, 90_000, 100_000, false, [[90_000, 100_000]])]);

  test('is skipped though none of it was loaded, and what lies in it is said', async () => {
    const playback = await playing(quiet());
    told.markers.push({ time: 50_000, window: 'a', kind: 'error', label: 'x' }, { time: 50_100, window: 'a', kind: 'error', label: 'y' });
    source.timeline = new Timeline(told);
    await pass(playback, 2900);
    expect(screen.shown).toEqual([]);
    await pass(playback, 300);
    expect(screen.shown).toEqual(['a@89000']);
    expect(notices).toEqual(['Skipped 1:26 without activity. It holds 2 errors.']);
  });

  test('is shown when the viewer wants to see it, and said', async () => {
    const playback = await playing(quiet());
    playback.skip = false;
    await pass(playback, 50_000, 1000);
    expect([screen.shown, notices]).toEqual([[], []]);
    expect(playback.time).toBeGreaterThan(48_000);
    expect(playback.status).toBe('No activity until 1:29.');
  });

  test('dwell on a page between two is no less shown', async () => {
    const playback = await playing(window('a', 0, 1000, [busy(0, 0, 1000, true)]), window('b', 60_000, 61_000, [busy(0, 60_000, 61_000, true)]));
    playback.skip = false;
    await pass(playback, 59_000, 1000);
    expect([screen.shown, notices]).toEqual([[], []]);
    await pass(playback, 5000);
    expect([screen.shown, playback.time]).toEqual([['b@60000'], 61_000]);
  });

  test('a seek into it shows it', async () => {
    const playback = create(quiet());
    await playback.seek(50_000);
    playback.tick(now += 50);
    expect(screen.shown).toEqual(['a@50000']);
  });
});

describe('live sessions', () => {
  test('the end is waited at, which is said, and what arrives is played', async () => {
    const playback = await playing(window('a', 0, 5000, [busy(0, 0, 5000, true)]));
    (told.session as { live: boolean }).live = true;
    await pass(playback, 6000);
    expect([playback.playing, playback.time]).toEqual([true, 5000]);
    expect(playback.status).toContain('Still recording');
    told.windows = [window('a', 0, 9000, [busy(0, 0, 5000, true), busy(1, 5000, 9000)])];
    source.timeline = new Timeline(told);
    playback.update();
    await pass(playback, 1000);
    expect([playback.time > 5500, playback.status]).toEqual([true, '']);
  });

  test('a session opened before its first snapshot came is shown when it does', async () => {
    const first = window('a', 0, 5000, [chunk(0, 0, 100)]);
    const playback = create(first);
    await playback.seek(0);
    expect(playback.status).toBe('No snapshot of this page can be read: only its events can be shown.');
    screen.shown.length = 0;
    first.chunks[0]!.snapshot = true;
    playback.update();
    await settle();
    playback.update();
    await settle();
    expect(screen.shown).toEqual(['a@0']);
  });
});

test('while the viewer drags only the moment they rest at is shown', async () => {
  vi.useFakeTimers();
  const playback = create(window('a', 0, 100_000, [busy(0, 0, 100_000, true)]));
  for (let time = 0; time < 50_000; time += 1000) {
    playback.scrub(time);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect([screen.shown, playback.time]).toEqual([[], 49_000]);
  await vi.advanceTimersByTimeAsync(200);
  expect(screen.shown).toEqual(['a@49000']);
});
