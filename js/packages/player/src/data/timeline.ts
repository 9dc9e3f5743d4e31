import { findGaps, withoutUnreadable, type Gap } from './gaps.ts';
import { findIdle, stretchAfter, stretchAt, type Stretch } from './idle.ts';
import { findTurns, type Segment } from './turns.ts';
import type { Manifest, Marker, WindowInfo } from './types.ts';

/** The last events of a page come while the next one begins already. */
const HANDOVER_MS = 1500;

/** The session's time: which window is in front when, where something is missing, where the visitor did nothing. */
export class Timeline {
  /** From the first event of any window … */
  readonly start: number;
  /** … to the last. */
  readonly end: number;
  /** The windows without what cannot be read, by their begin. */
  readonly windows: WindowInfo[];
  /** Which window is in front when, without a hole. */
  readonly segments: Segment[];
  readonly gaps: Gap[];
  readonly idle: Stretch[];
  /** What happened, without what every page says again: who the user is. */
  readonly markers: Marker[];
  /** The windows laid out so that those of a track follow each other: one track for each tab used at the same time. */
  readonly tracks: WindowInfo[][];
  private readonly gapsOf = new Map<string, Gap[]>();

  /** @param unreadable Chunks that could not be read, by key, and why. */
  constructor(
    readonly manifest: Manifest,
    unreadable: ReadonlyMap<string, string> = new Map(),
  ) {
    const { session } = manifest;
    const windows = [...manifest.windows].sort((a, b) => a.from - b.from);
    this.windows = windows.map((window) => withoutUnreadable(window, unreadable));
    this.start = windows[0]?.from ?? session.startedAt;
    this.end = windows.reduce(
      (end, window) => Math.max(end, window.to),
      Math.max(windows.length > 0 ? 0 : session.lastActivityAt, this.start + 1),
    );
    this.gaps = windows.flatMap((window) => findGaps(window, unreadable, session.live));
    for (const gap of this.gaps) {
      const known = this.gapsOf.get(gap.window);
      if (known) {
        known.push(gap);
      } else {
        this.gapsOf.set(gap.window, [gap]);
      }
    }
    this.idle = findIdle(windows, this.start, this.end);
    this.tracks = layOut(this.windows);
    let user: string | undefined;
    this.markers = manifest.markers.filter(({ kind, label }) => {
      const isNews = kind !== 'identify' || label !== user;
      user = kind === 'identify' ? label : user;
      return isNews;
    });
    this.segments = findTurns(this.tracks, this.markers, this.start, this.end);
  }

  get duration(): number {
    return this.end - this.start;
  }

  /** The window to show at a time: the one that is in front; `preferred` wins while it goes on. */
  windowAt(time: number, preferred?: string): WindowInfo | undefined {
    const chosen = preferred === undefined ? undefined : this.windows.find((w) => w.id === preferred && time >= w.from && time <= w.to);
    return chosen ?? (stretchAt(this.segments, time) ?? (time < this.end ? this.segments[0] : this.segments.at(-1)))?.window;
  }

  /** The time at which another window comes to the front, if one does. */
  nextTurn(time: number): number | undefined {
    return stretchAfter(this.segments, time)?.from;
  }

  /** The gap in a window at a time: until its page can be shown again, or the window ends. */
  gapAt(window: WindowInfo, time: number): Gap | undefined {
    return this.gapsOf.get(window.id)?.find((g) => time > g.from && time < (g.resume ?? window.to));
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
