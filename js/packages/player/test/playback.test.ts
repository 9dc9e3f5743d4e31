import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../src/data/api-problem.ts';
import { ChunkError, chunkKey } from '../src/data/chunk-error.ts';
import { Timeline } from '../src/data/timeline.ts';
import type { Manifest, WindowInfo } from '../src/data/types.ts';
import { Playback, type PlaybackSource, type Screen } from '../src/playback/playback.ts';
import { chunk, manifest, window } from './support/recordings.ts';

/** A stage without pages: a clock that the test moves. */
class FakeScreen implements Screen {
  time = 0;
  hasMore = false;
  isFull = false;
  readonly shown: string[] = [];
  fails: (window: string, time: number) => unknown = () => undefined;
  prefetch: Screen['prefetch'] = () => Promise.resolve();

  show(w: WindowInfo, time: number): Promise<'shown' | 'nothing' | 'superseded'> {
    const error = this.fails(w.id, time);
    if (error) {
      return Promise.reject(error as Error);
    }
    this.time = time;
    this.shown.push(`${w.id}@${time}`);
    return Promise.resolve(w.chunks.some((c) => c.snapshot) ? 'shown' : 'nothing');
  }

  pause(): void {
    this.hasMore = false;
  }

  setSpeed(): void {}

  update(): void {}
}

let screen: FakeScreen;
let notices: string[];
let told: Manifest;

function create(...windows: WindowInfo[]): Playback {
  told = manifest(windows);
  const unreadable = new Map<string, string>();
  const source: PlaybackSource = {
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

/** Plays on to a time of the screen, and lets what follows from it happen. */
async function run(playback: Playback, time: number): Promise<void> {
  screen.time = time;
  playback.tick();
  await settle();
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

describe('Playback', () => {
  test('goes from one window to the next, and ends at the end', async () => {
    const playback = await playing(window('a', 0, 1000, [busy(0, 0, 1000, true)]), window('b', 2000, 3000, [busy(0, 2000, 3000, true)]));
    await run(playback, 900);
    expect([screen.shown, playback.time]).toEqual([[], 900]);
    await playback.ended();
    await settle();
    expect(screen.shown).toEqual(['b@2000']);
    await run(playback, 3000);
    expect([playback.playing, playback.time]).toEqual([false, 3000]);
  });

  test('after a gap it goes on at the next full snapshot, and says so', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 6000), busy(4, 6000, 7000, true), busy(5, 7000, 9000)], [[1, 2]]));
    await run(playback, 1001);
    expect(screen.shown).toEqual(['a@7000']);
    expect(notices.join()).toMatch(/Skipped 0:06 .*Batches 1 to 2 .*never arrived/);
    expect(playback.playing).toBe(true);
  });

  test('a gap up to the end of a window leads to the next window', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 9000)], [[1, 2]]), window('b', 9500, 9900, [busy(0, 9500, 9900, true)]));
    await run(playback, 1500);
    expect(screen.shown).toEqual(['b@9500']);
  });

  test('a gap up to the end of the session ends the playing, once', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 9000)], [[1, 2]]));
    await run(playback, 1500);
    await run(playback, 1600);
    expect([playback.playing, playback.time, notices.length]).toEqual([false, 9000, 1]);
  });

  test('a chunk that cannot be read while playing becomes a gap, and the playing goes on after it', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(1, 1000, 3000), busy(2, 3000, 4000, true), busy(3, 4000, 9000)]));
    screen.prefetch = () => Promise.reject(new ChunkError('a', 1, new ApiProblem(500, 'chunk-corrupt', 'It is damaged.', '')));
    await run(playback, 500);
    screen.prefetch = () => Promise.resolve();
    expect(playback.timeline.gaps).toMatchObject([{ from: 1000, to: 3000, resume: 4000 }]);
    expect([playback.error, playback.playing]).toEqual([undefined, true]);
    expect(notices.join()).toContain('It is damaged.');
    await run(playback, 1100);
    expect(screen.shown).toEqual(['a@4000']);
  });

  test('a seek to what cannot be read shows what can', async () => {
    const playback = create(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(1, 1000, 3000), busy(2, 3000, 4000, true), busy(3, 4000, 9000)]));
    screen.fails = (_, time) => (time === 2000 && playback.timeline.gaps.length === 0 ? new ChunkError('a', 1, new ApiProblem(410, 'gone', 'It is gone.', '')) : undefined);
    await playback.seek(2000);
    expect(screen.shown).toEqual(['a@2000']);
    expect([playback.error, playback.loading]).toEqual([undefined, undefined]);
    expect(notices.at(-1)).toContain('missing here');
  });

  test('when even the first chunk cannot be read the session goes on at what can', async () => {
    const playback = create(window('a', 0, 2000, [busy(0, 0, 2000, true)]), window('b', 3000, 4000, [busy(0, 3000, 4000, true)]));
    screen.fails = (id) => (id === 'a' && playback.timeline.gaps.length === 0 ? new ChunkError('a', 0, new SyntaxError('no batch')) : undefined);
    playback.play();
    await settle();
    expect(screen.shown.at(-1)).toBe('b@3000');
    expect(playback.playing).toBe(true);
  });

  test('when the store is out the playing stops, says why, and goes on where it was when tried again', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 9000, true)]));
    screen.prefetch = () => Promise.reject(new ChunkError('a', 1, new ApiProblem(503, 'blob-store-unavailable', 'The blob store is unavailable.', '')));
    await run(playback, 4000);
    expect(playback.error).toMatchObject({ status: 503 });
    expect([playback.playing, playback.timeline.gaps]).toEqual([false, []]);
    await playback.retry();
    expect([playback.error, screen.shown.at(-1)]).toEqual([undefined, 'a@4000']);
  });

  test('the replayer that runs dry waits for what comes, then goes on where it was', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 9000, true)]));
    screen.hasMore = true;
    let arrive = (): void => undefined;
    screen.prefetch = () => new Promise<void>((resolve) => (arrive = resolve));
    await run(playback, 4000);
    const ended = playback.ended();
    expect(playback.loading).toBe('more');
    arrive();
    await ended;
    expect([screen.shown, playback.loading, playback.playing]).toEqual([['a@4000'], undefined, true]);
  });

  test('what the replayer holds is let go of when it is too much', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 9000, true)]));
    screen.isFull = true;
    await run(playback, 4000);
    expect(screen.shown).toEqual(['a@4000']);
  });

  test('of several tabs the chosen one is shown while it goes on', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 9000, true)]), window('b', 2000, 6000, [busy(0, 2000, 6000, true)]));
    await run(playback, 2000);
    expect(screen.shown).toEqual(['b@2000']);
    await playback.prefer('a');
    await run(playback, 3000);
    expect(screen.shown.at(-1)).toBe('a@2000');
    playback.preferred = undefined;
    await playback.seek(5990);
    await playback.ended();
    await settle();
    expect(screen.shown.at(-1)).toBe('a@6001');
  });
});

describe('inactivity', () => {
  const quiet = () => window('a', 0, 100_000, [chunk(0, 0, 5000, true, [[0, 1000]]), chunk(1, 5000, 90_000, false, []), chunk(2, 90_000, 100_000, false, [[90_000, 100_000]])]);

  test('is skipped though none of it was loaded', async () => {
    const playback = await playing(quiet());
    await run(playback, 2900);
    expect(screen.shown).toEqual([]);
    await run(playback, 3100);
    expect(screen.shown).toEqual(['a@89000']);
    expect(notices).toEqual(['Skipped 1:26 without activity']);
  });

  test('is shown when the viewer wants to see it', async () => {
    const playback = await playing(quiet());
    playback.skip = false;
    await run(playback, 3100);
    await run(playback, 50_000);
    expect([screen.shown, playback.time]).toEqual([[], 50_000]);
  });

  test('a seek into it shows it', async () => {
    const playback = create(quiet());
    await playback.seek(50_000);
    playback.tick();
    expect(screen.shown).toEqual(['a@50000']);
  });
});

describe('live sessions', () => {
  test('the end is waited at, and what arrives is played', async () => {
    const playback = await playing(window('a', 0, 5000, [busy(0, 0, 5000, true)]));
    (told.session as { live: boolean }).live = true;
    await run(playback, 4990);
    await playback.ended();
    expect(playback.playing).toBe(true);
    playback.update();
    await settle();
    expect(screen.shown).toEqual(['a@4990']);
  });

  test('a session opened before its first snapshot came is shown when it does', async () => {
    const first = window('a', 0, 5000, [chunk(0, 0, 100)]);
    const playback = create(first);
    await playback.seek(0);
    expect(notices).toEqual(['No snapshot of this page can be read: only its events can be shown.']);
    screen.shown.length = 0;
    first.chunks[0]!.snapshot = true;
    playback.update();
    await settle();
    playback.update();
    await settle();
    expect(screen.shown).toEqual(['a@0']);
  });
});

test('while the viewer drags only the moment he rests at is shown', async () => {
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
