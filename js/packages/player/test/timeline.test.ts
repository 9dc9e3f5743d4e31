import { describe, expect, test } from 'vitest';
import { Timeline, chunksFor, playable } from '../src/data/timeline.ts';
import type { Manifest, WindowInfo } from '../src/data/types.ts';

const chunk = (seq: number, from: number, to: number, snapshot = false) => ({ seq, from, to, events: 1, bytes: 1, snapshot });
const window = (id: string, from: number, to: number, chunks = [chunk(0, from, to, true)], missing: [number, number][] = []): WindowInfo =>
  ({ id, clockOffset: 0, from, to, url: null, title: null, closed: true, chunks, missing });
const timeline = (...windows: WindowInfo[]) => new Timeline({
  session: { startedAt: Math.min(...windows.map((w) => w.from)), lastActivityAt: Math.max(...windows.map((w) => w.to)) }, windows, markers: [], markersTruncated: false,
} as unknown as Manifest);

describe('Timeline', () => {
  test('one window after the other: each is shown until the next begins', () => {
    const t = timeline(window('b', 200, 300), window('a', 100, 150));
    expect([t.start, t.end, t.duration]).toEqual([100, 300, 200]);
    expect([100, 175, 199, 200, 300].map((time) => t.windowAt(time)!.id)).toEqual(['a', 'a', 'a', 'b', 'b']);
    expect([t.nextStart(100), t.nextStart(200)]).toEqual([200, undefined]);
  });

  test('several tabs at once: the one that began last, unless another is preferred while it goes on', () => {
    const t = timeline(window('a', 100, 400), window('b', 200, 300));
    expect(t.windowAt(250)!.id).toBe('b');
    expect(t.windowAt(250, 'a')!.id).toBe('a');
    expect(t.windowAt(450, 'a')!.id).toBe('b');
    expect(t.windowsAt(250).map((w) => w.id)).toEqual(['a', 'b']);
  });

  test('batches that never arrived are a gap between their neighbours', () => {
    const t = timeline(window('a', 0, 100, [chunk(0, 0, 10, true), chunk(1, 10, 20), chunk(4, 70, 100)], [[2, 3]]));
    expect(t.gaps).toMatchObject([{ from: 20, to: 70 }]);
  });

  test('long stretches without events are skipped to shortly before the next', () => {
    const times = [0, 1000, 60_000, 61_000];
    expect(Timeline.nextActivity(times, 2000)).toBe(59_000);
    expect(Timeline.nextActivity(times, 55_000)).toBeUndefined();
    expect(Timeline.nextActivity(times, 70_000)).toBeUndefined();
  });
});

test('after missing batches nothing is played before the next full snapshot', () => {
  const chunks = [chunk(0, 0, 9, true), chunk(1, 10, 19), chunk(3, 30, 39), chunk(4, 40, 49), chunk(5, 50, 59, true), chunk(6, 60, 69)];
  expect(playable(window('a', 0, 69, chunks, [[2, 2]])).map((c) => c.seq)).toEqual([0, 1, 5, 6]);
  expect(chunksFor(window('a', 0, 69, chunks, [[2, 2]]), 45, 0).map((c) => c.seq)).toEqual([0, 1]);
});

describe('chunksFor', () => {
  const long = window('a', 0, 3_600_000, Array.from({ length: 720 }, (_, i) => chunk(i, i * 5000, i * 5000 + 4999, i % 24 === 0)));

  test('takes the last snapshot at or before the time and no more than is asked for', () => {
    expect(chunksFor(long, 0, 0).map((c) => c.seq)).toEqual([0]);
    expect(chunksFor(long, 130_000, 0).map((c) => c.seq)).toEqual([24, 25, 26]);
    expect(chunksFor(long, 3_599_000, 60_000).at(0)!.seq).toBe(696);
    expect(chunksFor(long, 1_000_000, 30_000).length).toBeLessThan(32);
  });

  test('before the first snapshot the first is taken; without one nothing can be shown', () => {
    expect(chunksFor(window('a', 0, 30, [chunk(0, 0, 10), chunk(1, 10, 20, true), chunk(2, 20, 30)]), 0, 0).map((c) => c.seq)).toEqual([1]);
    expect(chunksFor(window('a', 0, 30, [chunk(0, 0, 10)]), 0, 0)).toEqual([]);
  });
});
