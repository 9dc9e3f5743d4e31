import type { ChunkInfo, Manifest, WindowInfo } from './types.ts';

/** A stretch of the session in which one window is shown. */
export interface Segment {
  window: WindowInfo;
  from: number;
  to: number;
}

/** A stretch of which something is missing. */
export interface Gap {
  from: number;
  to: number;
  reason: string;
}

const JOIN_MS = 1000;
const INACTIVE_MS = 10_000;

/** The session's time: which window is shown when, where something is missing, where nothing happens. */
export class Timeline {
  readonly start: number;
  readonly end: number;
  readonly segments: Segment[];
  readonly gaps: Gap[];

  constructor(readonly manifest: Manifest) {
    const windows = [...manifest.windows].sort((a, b) => a.from - b.from);
    this.start = manifest.session.startedAt;
    this.end = Math.max(manifest.session.lastActivityAt, this.start + 1);
    this.segments = windows.map((window, i) => ({ window, from: window.from, to: Math.max(window.from, windows[i + 1]?.from ?? this.end) }));
    this.gaps = findGaps(windows);
  }

  get duration(): number {
    return this.end - this.start;
  }

  /** The window to show at a time: the one that began last; `preferred` wins while it goes on. */
  windowAt(time: number, preferred?: string): WindowInfo | undefined {
    const wanted = this.manifest.windows.find((w) => w.id === preferred);
    if (wanted && time >= wanted.from && time <= wanted.to) {
      return wanted;
    }
    let found = this.segments[0]?.window;
    for (const segment of this.segments) {
      if (segment.from <= time) {
        found = segment.window;
      }
    }
    return found;
  }

  /** Windows that go on at a time: more than one when the visitor used several tabs. */
  windowsAt(time: number): WindowInfo[] {
    return this.manifest.windows.filter((w) => time >= w.from && time <= w.to);
  }

  /** The time at which the next window begins, if one does. */
  nextStart(time: number): number | undefined {
    return this.segments.find((s) => s.from > time)?.from;
  }

  /** If nothing happens at a time for long, when it goes on. `times` are those of the events, in order. */
  static nextActivity(times: number[], time: number): number | undefined {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! > time) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const next = times[low];
    return next !== undefined && next - time > INACTIVE_MS ? next - JOIN_MS : undefined;
  }
}

/**
 * The chunks of a window that can be played: from a full snapshot on, as long as no batch is missing. After a gap the changes would be applied to a
 * page that is no longer the one they were made on: the replay goes on at the next full snapshot.
 */
export function playable(window: WindowInfo): ChunkInfo[] {
  let next = -1;
  return window.chunks.filter((chunk) => {
    const fits = chunk.snapshot || chunk.seq === next;
    if (fits) {
      next = chunk.seq + 1;
    }
    return fits;
  });
}

/** Chooses the chunks of a window to show a time: from the last full snapshot at or before it, up to `ahead` ms behind it. */
export function chunksFor(window: WindowInfo, time: number, ahead: number): ChunkInfo[] {
  const chunks = playable(window);
  const first = Math.max(0, chunks.findLastIndex((c) => c.snapshot && c.from <= time));
  const end = chunks.findIndex((c, i) => i > first && c.from > time + ahead);
  return chunks.slice(first, end < 0 ? undefined : end);
}

function findGaps(windows: WindowInfo[]): Gap[] {
  return windows.flatMap((window) => window.missing.map(([first, last]) => {
    const before = window.chunks.filter((c) => c.seq < first).at(-1);
    const after = window.chunks.find((c) => c.seq > last);
    return { from: before?.to ?? window.from, to: after?.from ?? window.to, reason: `Batches ${first} to ${last} of this window never arrived.` };
  }));
}
