import type { WindowInfo } from './types.ts';

/** A stretch of time, in ms since the Unix epoch. */
export interface Stretch {
  from: number;
  to: number;
}

/** Shorter pauses are part of what a visitor does. */
const LEAST_MS = 10_000;
/** What the page does after the visitor's last act is shown, … */
const LEAD_OUT_MS = 2000;
/** … and the page as it is before the next. */
const LEAD_IN_MS = 1000;

/**
 * Finds the stretches in which the visitor did nothing in any window, by what the manifest says of each chunk: nothing of them needs to be
 * loaded. A session in which nothing was ever done has none: it would be over before it began.
 */
export function findIdle(windows: readonly WindowInfo[], start: number, end: number): Stretch[] {
  const active = windows
    .flatMap((w) => w.chunks.flatMap((c): [number, number][] => c.active ?? [[c.from, c.to]]))
    .sort((a, b) => a[0] - b[0]);
  const idle: Stretch[] = [];
  let last = start;
  for (const [from, to] of active.length > 0 ? [...active, [end, end] as const] : []) {
    if (from - last > LEAST_MS) {
      idle.push({ from: last + LEAD_OUT_MS, to: from === end ? end : from - LEAD_IN_MS });
    }
    last = Math.max(last, to);
  }
  return idle;
}

/** The stretch that a time lies in, its end left out. */
export function stretchAt<T extends Stretch>(stretches: readonly T[], time: number): T | undefined {
  const found = stretches[firstWhere(stretches, (stretch) => stretch.to > time)];
  return found && found.from <= time ? found : undefined;
}

/** The first stretch that begins after a time. */
export function stretchAfter<T extends Stretch>(stretches: readonly T[], time: number): T | undefined {
  return stretches[firstWhere(stretches, (stretch) => stretch.from > time)];
}

/** Looks up by halves: a long session has many stretches, and is asked with every frame. */
function firstWhere<T>(sorted: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
