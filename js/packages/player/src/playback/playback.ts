import { ChunkError } from '../data/chunk-error.ts';
import type { Timeline } from '../data/timeline.ts';
import type { WindowInfo } from '../data/types.ts';
import { Superseded } from '../loading/stretch-fetcher.ts';
import type { Stage } from '../stage/stage.ts';
import { skipAt, statusAt } from './skips.ts';

export const SPEEDS = [0.5, 1, 2, 4, 8];
/** While the viewer drags, the page of a moment is only shown when they rest there. */
const SCRUB_MS = 120;
/**
 * How far behind what has arrived a viewer is at most who follows a session that arrives: somewhat more than what the recorder sends at a
 * time while somebody watches.
 */
const MAX_BEHIND_MS = 2400;
/** Longer between two frames than any page takes to be drawn: the computer was asleep, and time stood still. */
const ASLEEP_MS = 10_000;

/** What the playback needs to show pages. */
export type Screen = Pick<Stage, 'isBehind' | 'show' | 'allow' | 'fedUntil' | 'pause' | 'setSpeed' | 'update' | 'prefetch'>;

/** What the playback needs to know. */
export interface PlaybackSource {
  timeline: Timeline | undefined;
  playhead: number;
  loader: { drop(): void };
  lose(error: ChunkError): Promise<Timeline>;
}

/** What the playback reports. */
export interface PlaybackEvents {
  onChange: () => void;
  onNotice: (text: string) => void;
}

/**
 * The playhead: its time is its own, and goes on from the session's first event to its last, whether or not a page has anything to show.
 * The screen follows it, from page to page and to the tab that the visitor has in front.
 */
export class Playback {
  time = 0;
  playing = false;
  /** Stretches without activity and what cannot be shown are skipped, which is said each time; else nothing is. */
  skip = true;
  /** The window that the viewer chose; without one the visitor is followed. */
  preferred: string | undefined;
  /** `page`: nothing of the moment is there yet; `more`: the page of before is still shown. */
  loading: 'page' | 'more' | undefined = 'page';
  error: unknown;
  /** The moment that is shown in place of the playhead's: more happened between its snapshot and the playhead than is shown unasked. */
  reached: number | undefined;
  private rate = 1;
  private follows = false;
  private shown: WindowInfo | undefined;
  /** Nothing of the page could be shown: its snapshot may still arrive. */
  private isEmpty = false;
  private generation = 0;
  private scrubbing: ReturnType<typeof setTimeout> | undefined;
  /** When the playhead was moved last, on the display's clock; undefined while it stands. */
  private last: number | undefined;

  constructor(
    private readonly screen: Screen,
    private readonly source: PlaybackSource,
    private readonly events: PlaybackEvents,
  ) {
    this.time = this.timeline.start;
  }

  get timeline(): Timeline {
    return this.source.timeline!;
  }

  get speed(): number {
    return this.rate;
  }

  set speed(value: number) {
    this.rate = Math.min(SPEEDS.at(-1)!, Math.max(SPEEDS[0]!, Number(value) || 1));
    this.screen.setSpeed(this.rate);
    this.events.onChange();
  }

  /** What is to be said about this moment: why nothing moves, or why the page is not what it was. */
  get status(): string {
    return this.loading ? '' : statusAt(this.timeline, this.shown, this.time, this.isEmpty, this.playing);
  }

  play(): void {
    if (!this.playing) {
      this.playing = true;
      this.error = undefined;
      const isOver = this.time >= this.timeline.end - 50 && !this.timeline.manifest.session.live;
      void this.show(isOver ? this.timeline.start : this.time);
    }
  }

  /** Whether the newest moment of a session that arrives is played, and stays so. */
  get isLive(): boolean {
    return this.playing && this.follows && this.timeline.manifest.session.live;
  }

  /** Plays the newest moment of a session that arrives, and from then on what comes, until the viewer goes elsewhere. */
  goLive(): Promise<void> {
    this.playing = true;
    const shown = this.seek(this.timeline.end);
    this.follows = true;
    return shown;
  }

  pause(): void {
    this.playing = false;
    this.screen.pause();
    this.events.onChange();
  }

  /** Shows a moment (ms since the Unix epoch); resolves when its page is there. */
  seek(time: number): Promise<void> {
    clearTimeout(this.scrubbing);
    this.scrubbing = undefined;
    this.follows = false;
    return this.show(Math.min(Math.max(this.timeline.start, time), this.timeline.end));
  }

  /** Moves the playhead at once, and shows its page when it rests. */
  scrub(time: number): void {
    clearTimeout(this.scrubbing);
    this.time = time;
    this.scrubbing = setTimeout(() => void this.seek(time), SCRUB_MS);
    this.events.onChange();
  }

  /** Shows a window while it goes on; without one, follows the visitor. */
  prefer(window: string | undefined, time = this.time): Promise<void> {
    this.preferred = window;
    return this.seek(time);
  }

  /** The manifest has grown, or a chunk turned out to be unreadable. */
  update(): void {
    this.timeline.windows.forEach((w) => this.screen.update(w));
    if (this.isEmpty && !this.loading && !this.error) {
      void this.show(Math.max(this.time, this.timeline.start));
    }
  }

  /** Nothing is displayed any more: time stands still until it is again, and the screen with it. */
  hide(): void {
    this.last = undefined;
    this.screen.pause();
  }

  /** To be called for every frame of the display, with its time in ms. */
  tick(now: number): void {
    const { last } = this;
    this.last = now;
    if (!this.playing || this.loading || this.scrubbing !== undefined) {
      this.last = undefined;
    } else if (last === undefined || now - last > ASLEEP_MS) {
      this.follow();
    } else {
      const to = Math.min(this.time + Math.max(0, now - last) * this.rate, Math.max(this.time, this.timeline.end));
      // No turn of a tab is stepped over, however short it is.
      const turn = this.timeline.nextTurn(this.time);
      this.move(turn === undefined ? to : Math.min(to, turn));
      this.follow();
    }
  }

  /** Shows the moment however much happened since its snapshot. */
  showWhole(): Promise<void> {
    this.screen.allow();
    return this.show(this.time);
  }

  /** Tries again what failed. */
  retry(): Promise<void> {
    this.error = undefined;
    return this.show(this.time);
  }

  /** Brings the screen to where the playhead is. */
  private follow(): void {
    const { timeline, shown, time } = this;
    const window = timeline.windowAt(time, this.preferred);
    const skip = this.skip ? skipAt(timeline, window, time) : undefined;
    if (skip) {
      this.events.onNotice(skip.notice);
      void this.show(skip.to);
    } else if (this.isLive && timeline.end - time > MAX_BEHIND_MS) {
      void this.show(timeline.end);
    } else if (time >= timeline.end && !timeline.manifest.session.live) {
      this.pause();
    } else if (window?.id !== shown?.id || (!this.isEmpty && this.screen.isBehind(time))) {
      void this.show(time);
    } else {
      void this.prefetch();
    }
  }

  private async show(time: number): Promise<void> {
    const generation = ++this.generation;
    this.move(time);
    this.last = undefined;
    this.source.loader.drop();
    // Each round ends with the page, or with one more chunk known to be unreadable.
    for (;;) {
      const window = this.timeline.windowAt(time, this.preferred);
      if (!window) {
        this.settle(undefined, true);
        return;
      }
      this.loading = window.id === this.shown?.id ? 'more' : 'page';
      this.events.onChange();
      try {
        const result = await this.screen.show(window, time, this.playing);
        if (generation === this.generation && result !== 'superseded') {
          this.settle(window, result === 'nothing', result === 'partly');
        }
        return;
      } catch (error) {
        if (generation !== this.generation || error instanceof Superseded || !(await this.goOnWithout(error))) {
          return;
        }
      }
    }
  }

  private settle(window: WindowInfo | undefined, isEmpty: boolean, isPart = false): void {
    this.shown = window;
    this.isEmpty = isEmpty;
    this.reached = isPart ? this.screen.fedUntil : undefined;
    // Time goes on when the viewer has chosen.
    this.playing &&= !isPart;
    this.loading = undefined;
    this.error = undefined;
    this.screen.setSpeed(this.rate);
    this.events.onChange();
  }

  private async prefetch(): Promise<void> {
    try {
      await this.screen.prefetch(this.time);
    } catch (error) {
      if (!(error instanceof Superseded)) {
        await this.goOnWithout(error);
      }
    }
  }

  /** Whether the session goes on without a chunk; ends the playing when it does not. */
  private async goOnWithout(error: unknown): Promise<boolean> {
    try {
      if (!(error instanceof ChunkError)) {
        throw error;
      }
      await this.source.lose(error);
      this.events.onNotice(`A part of the recording cannot be read and is left out. ${error.reason}`);
      return true;
    } catch (reason) {
      this.playing = false;
      this.loading = undefined;
      this.error = reason;
      this.screen.pause();
      this.events.onChange();
      return false;
    }
  }

  private move(time: number): void {
    this.time = time;
    this.source.playhead = time;
  }
}
