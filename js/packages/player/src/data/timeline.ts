import { findGaps, withoutUnreadable, type Gap } from './gaps.ts';
import { findIdle, stretchAt, type Stretch } from './idle.ts';
import type { Manifest, Marker, WindowInfo } from './types.ts';

/** A stretch of the session in which one window is shown. */
export interface Segment extends Stretch {
  window: WindowInfo;
}

/** The last events of a page come while the next one begins already. */
const HANDOVER_MS = 1500;

/** The session's time: which window is shown when, where something is missing, where the visitor did nothing. */
export class Timeline {
  readonly start: number;
  readonly end: number;
  /** The windows without what cannot be read, by their begin. */
  readonly windows: WindowInfo[];
  readonly segments: Segment[];
  readonly gaps: Gap[];
  readonly idle: Stretch[];
  /** What happened, without what every page says again: who the user is. */
  readonly markers: Marker[];
  /** The windows laid out so that those of a track follow each other: one track for each tab used at the same time. */
  readonly tracks: WindowInfo[][];

  /** @param unreadable Chunks that could not be read, by key, and why. */
  constructor(
    readonly manifest: Manifest,
    unreadable: ReadonlyMap<string, string> = new Map(),
  ) {
    const told = [...manifest.windows].sort((a, b) => a.from - b.from);
    this.windows = told.map((window) => withoutUnreadable(window, unreadable));
    this.start = manifest.session.startedAt;
    this.end = Math.max(manifest.session.lastActivityAt, this.start + 1);
    this.segments = this.windows.map((window, i) => ({ window, from: window.from, to: Math.max(window.from, this.windows[i + 1]?.from ?? this.end) }));
    this.gaps = told.flatMap((window) => findGaps(window, unreadable, manifest.session.live));
    this.idle = findIdle(told, this.start, this.end);
    this.tracks = layOut(this.windows);
    let user: string | undefined;
    this.markers = manifest.markers.filter(({ kind, label }) => {
      const isNews = kind !== 'identify' || label !== user;
      user = kind === 'identify' ? label : user;
      return isNews;
    });
  }

  get duration(): number {
    return this.end - this.start;
  }

  /** The window to show at a time: of those that go on the one that began last; `preferred` wins while it goes on. */
  windowAt(time: number, preferred?: string): WindowInfo | undefined {
    const on = this.windowsAt(time);
    return on.find((w) => w.id === preferred) ?? on.at(-1) ?? this.windows.findLast((w) => w.from <= time) ?? this.windows[0];
  }

  /** Windows that go on at a time: more than one when the visitor used several tabs. */
  windowsAt(time: number): WindowInfo[] {
    return this.windows.filter((w) => time >= w.from && time <= w.to);
  }

  /** The time at which the next window begins, if one does. */
  nextStart(time: number): number | undefined {
    return this.segments.find((s) => s.from > time)?.from;
  }

  /** The gap in a window at a time: until its page can be shown again, or the window ends. */
  gapAt(window: WindowInfo, time: number): Gap | undefined {
    return this.gaps.find((g) => g.window === window.id && time > g.from && time < (g.resume ?? window.to));
  }

  /** The stretch without activity at a time. */
  idleAt(time: number): Stretch | undefined {
    return stretchAt(this.idle, time);
  }

  /** The windows that go on at a time, one of each tab. */
  tabsAt(time: number): WindowInfo[] {
    return this.tracks.map((track) => track.findLast((w) => time >= w.from && time <= w.to)).filter((w) => w !== undefined);
  }
}

function layOut(windows: readonly WindowInfo[]): WindowInfo[][] {
  const tracks: WindowInfo[][] = [];
  for (const window of windows) {
    const free = tracks.find((track) => track.at(-1)!.to <= window.from + HANDOVER_MS);
    if (free) {
      free.push(window);
    } else {
      tracks.push([window]);
    }
  }
  return tracks;
}
