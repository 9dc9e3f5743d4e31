import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../src/data/api-problem.ts';
import { ChunkError } from '../src/data/chunk-error.ts';
import { Timeline } from '../src/data/timeline.ts';
import { busy, create, notices, pass, playing, recorded, screen, settle, source, tick } from './support/fake-playback.ts';
import { chunk, manifest, window } from './support/recordings.ts';

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

  test('who went live stays at most 2.4 s behind what has arrived, until they go elsewhere', async () => {
    const playback = await playing(window('a', 0, 30_000, [busy(0, 0, 30_000, true)]));
    const arrived = (to: number) => {
      const grown = manifest([window('a', 0, to, [busy(0, 0, to, true)])]);
      grown.session.live = true;
      source.timeline = new Timeline(grown);
    };
    arrived(30_000);
    expect(playback.isLive).toBe(false);
    await playback.goLive();
    expect([playback.isLive, playback.time]).toEqual([true, 30_000]);
    arrived(32_000);
    await pass(playback, 1000);
    expect(playback.time).toBeGreaterThan(30_500);
    expect(playback.time).toBeLessThan(31_100);
    arrived(34_000);
    await pass(playback, 200);
    expect(playback.time).toBe(34_000);

    await playback.seek(10_000);
    arrived(60_000);
    await pass(playback, 1000);
    expect(playback.isLive).toBe(false);
    expect(playback.time).toBeLessThan(11_100);
    await playback.goLive();
    playback.pause();
    expect(playback.isLive).toBe(false);
  });

  test('the screen is brought to the playhead, and not the playhead to the screen', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 9000, true)]));
    await pass(playback, 1000);
    const { time } = playback;
    screen.isLate = true;
    tick(playback, 50);
    await settle();
    expect(screen.shown).toEqual([`a@${time + 50}`]);
  });

  test('time stands still while nothing is displayed, and while the computer sleeps', async () => {
    const playback = await playing(window('a', 0, 90_000, [busy(0, 0, 90_000, true)]));
    await pass(playback, 1000);
    const { time } = playback;
    playback.hide();
    tick(playback, 5000);
    expect(playback.time).toBe(time);
    tick(playback, 60_000);
    expect(playback.time).toBe(time);
    tick(playback, 100);
    expect(playback.time).toBe(time + 100);
  });

  test('speed is that of the playhead', async () => {
    const playback = await playing(window('a', 0, 90_000, [busy(0, 0, 90_000, true)]));
    tick(playback, 50);
    playback.speed = 4;
    const { time } = playback;
    tick(playback, 100);
    expect(playback.time).toBe(time + 400);
  });

  test('after a gap it goes on at the next full snapshot, and says so', async () => {
    const playback = await playing(
      window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 6000), busy(4, 6000, 7000, true), busy(5, 7000, 9000)], [[1, 2]]),
    );
    await pass(playback, 1300);
    expect(screen.shown).toEqual(['a@7000']);
    expect(notices.join()).toMatch(/Skipped 0:06 .*Batches 1 to 2 .*never arrived/);
    expect(playback.playing).toBe(true);
  });

  test('with nothing to be skipped it goes through a gap, and says what is missing', async () => {
    const playback = await playing(
      window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 6000), busy(4, 6000, 7000, true), busy(5, 7000, 9000)], [[1, 2]]),
    );
    playback.skip = false;
    await pass(playback, 4000);
    expect([screen.shown, notices]).toEqual([[], []]);
    expect(playback.status).toMatch(/missing here until 0:07\. Batches 1 to 2/);
    await pass(playback, 6000);
    expect([playback.playing, playback.time]).toEqual([false, 9000]);
  });

  test('a gap up to the end of a window leads to its end, and then to the next window', async () => {
    const playback = await playing(
      window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 9000)], [[1, 2]]),
      window('b', 9500, 9900, [busy(0, 9500, 9900, true)]),
    );
    await pass(playback, 2000);
    expect(screen.shown).toEqual(['a@9000', 'b@9500']);
  });

  test('a gap up to the end of the session ends the playing, once', async () => {
    const playback = await playing(window('a', 0, 9000, [busy(0, 0, 1000, true), busy(3, 5000, 9000)], [[1, 2]]));
    await pass(playback, 2000);
    expect([playback.playing, playback.time, notices.length]).toEqual([false, 9000, 1]);
  });

  test('a chunk that cannot be read while playing becomes a gap, and the playing goes on after it', async () => {
    const playback = await playing(
      window('a', 0, 9000, [busy(0, 0, 1000, true), busy(1, 1000, 3000), busy(2, 3000, 4000, true), busy(3, 4000, 9000)]),
    );
    screen.prefetch = () => Promise.reject(new ChunkError('a', 1, new ApiProblem(500, 'chunk-corrupt', 'It is damaged.', '')));
    tick(playback, 50);
    await settle();
    screen.prefetch = () => Promise.resolve();
    expect(playback.timeline.gaps).toMatchObject([{ from: 1000, to: 3000, resume: 4000 }]);
    expect([playback.error, playback.playing]).toEqual([undefined, true]);
    expect(notices.join()).toContain('It is damaged.');
    await pass(playback, 1300);
    expect(screen.shown).toEqual(['a@4000']);
  });

  test('a seek to what cannot be read shows what can', async () => {
    const playback = create(
      window('a', 0, 9000, [busy(0, 0, 1000, true), busy(1, 1000, 3000), busy(2, 3000, 4000, true), busy(3, 4000, 9000)]),
    );
    screen.fails = (_, time) =>
      time === 2000 && playback.timeline.gaps.length === 0
        ? new ChunkError('a', 1, new ApiProblem(410, 'gone', 'It is gone.', ''))
        : undefined;
    await playback.seek(2000);
    expect(screen.shown).toEqual(['a@2000']);
    expect([playback.error, playback.loading]).toEqual([undefined, undefined]);
    expect(playback.status).toContain('missing here');
  });

  test('when even the first chunk cannot be read the session goes on at what can', async () => {
    const playback = create(window('a', 0, 2000, [busy(0, 0, 2000, true)]), window('b', 3000, 4000, [busy(0, 3000, 4000, true)]));
    screen.fails = (id) =>
      id === 'a' && playback.timeline.gaps.length === 0 ? new ChunkError('a', 0, new SyntaxError('no batch')) : undefined;
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
    screen.prefetch = () =>
      Promise.reject(new ChunkError('a', 1, new ApiProblem(503, 'blob-store-unavailable', 'The blob store is unavailable.', '')));
    tick(playback, 50);
    await settle();
    expect(playback.error).toMatchObject({ status: 503 });
    expect([playback.playing, playback.timeline.gaps]).toEqual([false, []]);
    await playback.retry();
    expect([playback.error, screen.shown.at(-1)]).toEqual([undefined, `a@${playback.time}`]);
  });
});

describe('live sessions', () => {
  test('the end is waited at, which is said, and what arrives is played', async () => {
    const playback = await playing(window('a', 0, 5000, [busy(0, 0, 5000, true)]));
    (recorded.session as { live: boolean }).live = true;
    await pass(playback, 6000);
    expect([playback.playing, playback.time]).toEqual([true, 5000]);
    expect(playback.status).toContain('Still recording');
    recorded.windows = [window('a', 0, 9000, [busy(0, 0, 5000, true), busy(1, 5000, 9000)])];
    source.timeline = new Timeline(recorded);
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
