import type { Stretch } from './idle.ts';
import type { Marker, WindowInfo } from './types.ts';

/** A stretch of the session in which one window is in front. */
export interface Segment extends Stretch {
  window: WindowInfo;
}

/** A tab comes to the front this long before the visitor acts in it, so that the act is seen and not only what came of it. */
const LEAD_IN_MS = 700;
/** A tab that is over stays in front this long, so that its last moment is seen. */
const LINGER_MS = 500;
/** Markers of what a visitor does: the activity of a chunk joins what lies close together, and these lie within. */
const ACTS = new Set(['click', 'rage_click', 'dead_click', 'custom', 'navigation']);

interface Point {
  time: number;
  window: WindowInfo;
  kind: (typeof ORDER)[number];
}

/** What happens at the same time happens in this order. */
const ORDER = ['begin', 'act', 'end'] as const;

/**
 * Finds which window is in front when: the one that the visitor opened or acted in last. When it is over, the window in front before it
 * that still goes on; when there is none it stays until something else begins. The turns cover the session without a hole.
 */
export function findTurns(tracks: readonly WindowInfo[][], markers: readonly Marker[], start: number, end: number): Segment[] {
  const turns: Segment[] = [];
  const before: WindowInfo[] = [];
  const over = new Set<string>();
  let last = start;
  for (const { time, window, kind } of pointsOf(tracks, markers)) {
    const front = turns.at(-1)?.window;
    if (kind === 'end') {
      over.add(window.id);
      while (before.length > 0 && over.has(before.at(-1)!.id)) {
        before.pop();
      }
      turn(turns, window === front && time < end ? before.at(-1) : undefined, time);
      continue;
    }
    if (before.at(-1) !== window) {
      before.push(window);
    }
    turn(turns, window, kind === 'begin' ? time : Math.max(window.from, time - LEAD_IN_MS, (last + time) / 2));
    last = time;
  }
  turns.forEach((segment, i) => (segment.to = turns[i + 1]?.from ?? Math.max(end, segment.from)));
  return turns;
}

/** Brings a window to the front. A turn that lasted no time was none. */
function turn(turns: Segment[], window: WindowInfo | undefined, at: number): void {
  const front = turns.at(-1);
  if (!window || window === front?.window) {
    return;
  }
  if (front && front.from >= at) {
    turns.pop();
    turn(turns, window, front.from);
  } else {
    turns.push({ window, from: at, to: at });
  }
}

function pointsOf(tracks: readonly WindowInfo[][], markers: readonly Marker[]): Point[] {
  const points: Point[] = [];
  const known = new Map<string, WindowInfo>();
  for (const track of tracks) {
    track.forEach((window, i) => {
      known.set(window.id, window);
      points.push({ time: window.from, window, kind: 'begin' }, { time: window.to + LINGER_MS, window, kind: 'end' });
      // The page that follows in the same tab has begun: the last movements on the page before it no longer bring it back.
      const until = track[i + 1]?.from ?? Infinity;
      for (const time of window.chunks.flatMap((chunk) => chunk.active ?? []).flat()) {
        if (time < until) {
          points.push({ time, window, kind: 'act' });
        }
      }
    });
  }
  for (const { kind, window, time } of markers) {
    const of = known.get(window);
    if (of && ACTS.has(kind)) {
      points.push({ time: Math.min(Math.max(time, of.from), of.to), window: of, kind: 'act' });
    }
  }
  return points.sort((a, b) => a.time - b.time || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}
