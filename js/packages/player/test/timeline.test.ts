import { describe, expect, test } from 'vitest';
import { chunksFor, playable } from '../src/data/gaps.ts';
import { Timeline } from '../src/data/timeline.ts';
import type { WindowInfo } from '../src/data/types.ts';
import { chunk, manifest, window } from './support/recordings.ts';

const timeline = (...windows: WindowInfo[]) => new Timeline(manifest(windows));

describe('Timeline', () => {
  test('the user is a marker once, and again when it is another user', () => {
    const marker = (time: number, kind: string, label: string) => ({ time, window: 'a', kind, label });
    const markers = [
      marker(1, 'identify', 'ann'), marker(2, 'click', ''), marker(3, 'identify', 'ann'), marker(4, 'identify', 'bob'),
      marker(5, 'identify', 'ann'),
    ];
    expect(new Timeline(manifest([window('a', 0, 9)], { markers })).markers.map((m) => m.time)).toEqual([1, 2, 4, 5]);
  });

  test('one window after the other: each is shown until the next begins', () => {
    const t = timeline(window('b', 200, 300), window('a', 100, 150));
    expect([t.start, t.end, t.duration]).toEqual([100, 300, 200]);
    expect([100, 175, 199, 200, 300].map((time) => t.windowAt(time)!.id)).toEqual(['a', 'a', 'a', 'b', 'b']);
    expect([t.nextTurn(100), t.nextTurn(200)]).toEqual([200, undefined]);
    expect(t.tracks.map((track) => track.map((w) => w.id))).toEqual([['a', 'b']]);
  });

  test('several tabs at once: the one that began last, then the one that goes on, unless another is preferred', () => {
    const t = timeline(window('a', 1000, 4000), window('b', 2000, 3000));
    expect(t.windowAt(2500)!.id).toBe('b');
    expect(t.windowAt(3500)!.id).toBe('a');
    expect(t.windowAt(2500, 'a')!.id).toBe('a');
  });

  test('each of several tabs has a track of its own', () => {
    const t = timeline(window('a', 0, 100_000), window('b', 50_000, 80_000), window('c', 85_000, 200_000), window('d', 100_000, 300_000));
    expect(t.tracks.map((track) => track.map((w) => w.id))).toEqual([['a', 'd'], ['b', 'c']]);
    expect(t.tabsAt(100_000).map((w) => w.id)).toEqual(['d', 'c']);
  });

  test('a page that says its last words while the next begins is not another tab', () => {
    const t = timeline(window('a', 0, 10_500), window('b', 10_000, 20_000));
    expect(t.tracks).toHaveLength(1);
    expect(t.tabsAt(10_200).map((w) => w.id)).toEqual(['b']);
  });
});

describe('turns', () => {
  const acts = (...times: number[]) => times.map((time): [number, number] => [time, time]);
  const turns = (t: Timeline) => t.segments.map(({ window: w, from, to }) => `${w.id} ${from}-${to}`);

  test('a tab comes to the front shortly before the visitor acts in it, or half-way from what they did before', () => {
    const a = window('a', 0, 20_000, [chunk(0, 0, 20_000, true, acts(100, 10_000, 20_000))]);
    const b = window('b', 2000, 18_000, [chunk(0, 2000, 18_000, true, acts(10_400, 18_000))]);
    expect(turns(timeline(a, b))).toEqual(['a 0-2000', 'b 2000-9300', 'a 9300-10200', 'b 10200-18500', 'a 18500-20000']);
  });

  test('clicks and custom events within a longer activity count by themselves', () => {
    const a = window('a', 0, 20_000, [chunk(0, 0, 20_000, true, [[0, 20_000]])]);
    const b = window('b', 2000, 18_000, [chunk(0, 2000, 18_000, true, [[2000, 18_000]])]);
    const markers = [
      { time: 9000, window: 'a', kind: 'click', label: '' },
      { time: 12_000, window: 'b', kind: 'custom', label: '' },
      { time: 15_000, window: 'a', kind: 'error', label: '' },
    ];
    expect(turns(new Timeline(manifest([a, b], { markers })))).toEqual([
      'a 0-2000', 'b 2000-8300', 'a 8300-11300', 'b 11300-18500', 'a 18500-20000',
    ]);
  });

  test('the session begins with its first event and ends with its last, whatever the server’s clock says of it', () => {
    const t = new Timeline(
      manifest([window('a', 1000, 5000), window('b', 3000, 9000)], { session: { startedAt: 1900, lastActivityAt: 8000 } }),
    );
    expect([t.start, t.end, t.segments[0]!.from, t.segments.at(-1)!.to]).toEqual([1000, 9000, 1000, 9000]);
  });

  test('cover the session without a hole, whatever its windows are like', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 0x7fffffff) % below;
    for (let round = 0; round < 300; round++) {
      const windows = Array.from({ length: 1 + random(6) }, (_, i) => {
        const from = random(10_000);
        const to = from + random(10_000);
        return window(`w${i}`, from, to, [
          chunk(0, from, to, true, acts(...Array.from({ length: random(8) }, () => from + random(to - from + 1)).sort((a, b) => a - b))),
        ]);
      });
      const t = timeline(...windows);
      expect(t.segments[0]!.from).toBe(t.start);
      expect(t.segments.at(-1)!.to).toBe(t.end);
      t.segments.slice(1).forEach((segment, i) => {
        expect(segment.from).toBe(t.segments[i]!.to);
        expect(segment.from).toBeGreaterThan(t.segments[i]!.from);
        expect(segment.window).not.toBe(t.segments[i]!.window);
      });
    }
  });
});

describe('gaps', () => {
  const chunks = [chunk(0, 0, 10, true), chunk(1, 10, 20), chunk(4, 70, 100), chunk(5, 100, 120, true), chunk(6, 120, 140)];

  test('batches that never arrived are a gap between their neighbours; the page comes back with the next snapshot', () => {
    const [gap] = timeline(window('a', 0, 140, chunks, [[2, 3]])).gaps;
    expect(gap).toMatchObject({ window: 'a', from: 20, to: 70, resume: 120 });
    expect(gap!.reason).toMatch(/Batches 2 to 3 .* never arrived/);
  });

  test('without another snapshot the page does not come back', () => {
    const t = timeline(window('a', 0, 100, chunks.slice(0, 3), [[2, 3]]));
    expect(t.gaps[0]!.resume).toBeUndefined();
    expect([20, 21, 90, 99, 100].map((time) => t.gapAt(t.windows[0]!, time) !== undefined)).toEqual([false, true, true, true, false]);
  });

  test('a chunk that cannot be read is a gap too, and joins the missing ones beside it', () => {
    const one = new Timeline(manifest([window('a', 0, 140, chunks, [[2, 3]])]), new Map([['a/1', 'It is damaged.']]));
    expect(one.gaps).toMatchObject([{ from: 10, to: 70, resume: 120 }]);
    expect(one.gaps[0]!.reason).toContain('It is damaged.');
    expect(one.windows[0]!.chunks.map((c) => c.seq)).toEqual([0, 4, 5, 6]);
    const last = new Timeline(manifest([window('a', 0, 140, chunks, [[2, 3]])]), new Map([['a/6', 'It is damaged.']]));
    expect(last.gaps[1]).toMatchObject({ from: 120, to: 140, resume: undefined });
  });

  test('what is missing of a live session may still arrive', () => {
    expect(new Timeline(manifest([window('a', 0, 140, chunks, [[2, 3]])], { session: { live: true } })).gaps[0]!.reason).toContain(
      'may still arrive',
    );
  });

  test('after missing batches nothing is played before the next full snapshot', () => {
    const w = window('a', 0, 140, chunks, [[2, 3]]);
    expect(playable(w).map((c) => c.seq)).toEqual([0, 1, 5, 6]);
    expect(chunksFor(w, 90, 0).map((c) => c.seq)).toEqual([0, 1]);
    expect(chunksFor(w, 130, 0).map((c) => c.seq)).toEqual([5, 6]);
  });
});

describe('inactivity, from the manifest alone', () => {
  const active = (seq: number, from: number, to: number, ...stretches: [number, number][]) => chunk(seq, from, to, seq === 0, stretches);

  test('is what lies between the visitor’s acts, with some time around them', () => {
    const t = timeline(
      window('a', 0, 100_000, [active(0, 0, 5000, [0, 4000]), active(1, 5000, 60_000), active(2, 60_000, 100_000, [62_000, 63_000])]),
    );
    expect(t.idle).toEqual([
      { from: 6000, to: 61_000 },
      { from: 65_000, to: 100_000 },
    ]);
    expect([5999, 6000, 60_999, 61_000, 99_999].map((time) => t.idleAt(time)?.to)).toEqual([undefined, 61_000, 61_000, undefined, 100_000]);
  });

  test('takes every window into account', () => {
    const t = timeline(
      window('a', 0, 100_000, [active(0, 0, 100_000, [0, 1000], [99_000, 100_000])]),
      window('b', 40_000, 60_000, [active(0, 40_000, 60_000, [40_000, 60_000])]),
    );
    expect(t.idle).toEqual([
      { from: 3000, to: 39_000 },
      { from: 62_000, to: 98_000 },
    ]);
  });

  test('of chunks that say nothing of it the whole is activity; pauses of seconds are none', () => {
    expect(timeline(window('a', 0, 30_000, [chunk(0, 0, 10_000, true, null), chunk(1, 18_000, 30_000)])).idle).toEqual([]);
  });

  test('a session in which nothing was done is shown whole', () => {
    expect(timeline(window('a', 0, 300_000, [active(0, 0, 300_000)])).idle).toEqual([]);
  });

  test('activity of a chunk that cannot be read is known all the same', () => {
    const w = window('a', 0, 60_000, [active(0, 0, 1000, [0, 1000]), active(1, 30_000, 31_000, [30_000, 31_000])]);
    expect(new Timeline(manifest([w]), new Map([['a/1', 'x']])).idle).toEqual([{ from: 3000, to: 29_000 }, { from: 33_000, to: 60_000 }]);
  });
});

describe('chunksFor', () => {
  const long = window('a', 0, 3_600_000, Array.from({ length: 720 }, (_, i) => chunk(i, i * 5000, i * 5000 + 4999, i % 24 === 0)));

  test('takes the last snapshot that was over at the time and no more than is asked for', () => {
    expect(chunksFor(long, 0, 0).map((c) => c.seq)).toEqual([0]);
    expect(chunksFor(long, 130_000, 0).map((c) => c.seq)).toEqual([24, 25, 26]);
    expect(chunksFor(long, 3_599_000, 60_000).at(0)!.seq).toBe(696);
    expect(chunksFor(long, 1_000_000, 30_000).length).toBeLessThan(32);
  });

  test('a batch ends with its snapshot: in its midst the page is the one before', () => {
    expect(chunksFor(long, 122_000, 0).map((c) => c.seq).at(0)).toBe(0);
    expect(chunksFor(long, 124_999, 0).map((c) => c.seq)).toEqual([24]);
  });

  test('before the first snapshot the first is taken; without one nothing can be shown', () => {
    expect(chunksFor(window('a', 0, 30, [chunk(0, 0, 10), chunk(1, 10, 20, true), chunk(2, 20, 30)]), 0, 0).map((c) => c.seq)).toEqual([1]);
    expect(chunksFor(window('a', 0, 30, [chunk(0, 0, 10)]), 0, 0)).toEqual([]);
  });
});
