import { ChunkError } from '../data/chunk-error.ts';
import { formatDuration } from '../data/format.ts';
import type { Gap } from '../data/gaps.ts';
import type { Timeline } from '../data/timeline.ts';
import type { WindowInfo } from '../data/types.ts';
import { Superseded } from '../data/work-queue.ts';
import type { Stage } from '../replay/stage.ts';

export const SPEEDS = [0.5, 1, 2, 4, 8];
/** While the viewer drags, the page of a moment is only shown when he rests there. */
const SCRUB_MS = 120;
/** A skip of less is no help. */
const LEAST_SKIP_MS = 500;

/** What the playback needs to show pages. */
export type Screen = Pick<Stage, 'time' | 'hasMore' | 'isFull' | 'show' | 'pause' | 'setSpeed' | 'update' | 'prefetch'>;

/** What the playback needs to know. */
export interface PlaybackSource {
  timeline: Timeline | undefined;
  playhead: number;
  loader: { drop(): void };
  lose(error: ChunkError): Promise<Timeline>;
}

/** What the playback tells. */
export interface PlaybackEvents {
  onChange: () => void;
  onNotice: (text: string) => void;
}

/** The clock of the replay: what is shown when, across windows, gaps and stretches without activity. */
export class Playback {
  time = 0;
  playing = false;
  skip = true;
  /** The window that the viewer chose where there are several at once. */
  preferred: string | undefined;
  /** `page`: nothing of the moment is there yet; `more`: the page of before is still shown. */
  loading: 'page' | 'more' | undefined = 'page';
  error: unknown;
  private rate = 1;
  private shown: WindowInfo | undefined;
  /** Nothing of the moment could be shown: its snapshot may still arrive. */
  private isEmpty = false;
  private generation = 0;
  private scrubbing: ReturnType<typeof setTimeout> | undefined;
  /** Nothing more can be played before more has arrived. */
  private stalled = false;
  /** The replayer came to its end while the moment was still being shown. */
  private endedEarly = false;

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

  play(): void {
    if (!this.playing) {
      this.playing = true;
      this.error = undefined;
      void this.show(this.time >= this.timeline.end - 50 ? this.timeline.start : this.time);
    }
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
    return this.show(Math.min(Math.max(this.timeline.start, time), this.timeline.end));
  }

  /** Moves the playhead at once, and shows its page when it rests. */
  scrub(time: number): void {
    clearTimeout(this.scrubbing);
    this.time = time;
    this.scrubbing = setTimeout(() => void this.seek(time), SCRUB_MS);
    this.events.onChange();
  }

  /** Shows a window where several go on at once. */
  prefer(window: string, time = this.time): Promise<void> {
    this.preferred = window;
    return this.seek(time);
  }

  /** The manifest has grown, or a chunk turned out to be unreadable. */
  update(): void {
    this.timeline.windows.forEach((w) => this.screen.update(w));
    if ((this.stalled && this.playing) || (this.isEmpty && !this.loading && !this.error)) {
      void this.show(Math.max(this.time, this.timeline.start));
    }
  }

  /** To be called for every frame of the display. */
  tick(): void {
    const { timeline, shown } = this;
    if (!this.playing || this.loading || this.stalled || this.scrubbing !== undefined || !shown) {
      return;
    }
    const next = this.preferred ? undefined : timeline.nextStart(this.time);
    this.move(Math.min(Math.max(this.screen.time, timeline.start), timeline.end));
    const gap = timeline.gapAt(shown, this.time);
    const idle = this.skip ? timeline.idleAt(this.time) : undefined;
    if (next !== undefined && this.time >= next) {
      void this.show(next);
    } else if (gap) {
      this.skipGap(gap, shown, next);
    } else if (idle && idle.to - this.time > LEAST_SKIP_MS) {
      this.events.onNotice(`Skipped ${formatDuration(idle.to - this.time)} without activity`);
      void this.show(idle.to);
    } else if (this.time >= timeline.end && !timeline.manifest.session.live) {
      this.pause();
    } else if (this.screen.isFull) {
      void this.show(this.time);
    } else {
      void this.prefetch();
    }
  }

  /** All that was loaded was played: either more is on its way, or something else follows. */
  async ended(): Promise<void> {
    if (!this.playing || this.loading || !this.shown) {
      this.endedEarly = this.loading !== undefined;
      return;
    }
    if (!this.screen.hasMore) {
      this.advance(this.shown);
      return;
    }
    const generation = this.generation;
    this.loading = 'more';
    this.events.onChange();
    await this.prefetch();
    if (generation === this.generation && !this.error) {
      await this.show(this.time);
    }
  }

  /** Tries again what failed. */
  retry(): Promise<void> {
    this.error = undefined;
    return this.show(this.time);
  }

  private async show(time: number): Promise<void> {
    const generation = ++this.generation;
    this.move(time);
    this.stalled = false;
    this.endedEarly = false;
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
          this.settle(window, result === 'nothing');
          this.tell(window, time);
          if (this.endedEarly && generation === this.generation) {
            void this.ended();
          }
        }
        return;
      } catch (error) {
        if (generation !== this.generation || error instanceof Superseded || !(await this.goOnWithout(error))) {
          return;
        }
      }
    }
  }

  private settle(window: WindowInfo | undefined, isEmpty: boolean): void {
    this.shown = window;
    this.isEmpty = isEmpty;
    this.loading = undefined;
    this.error = undefined;
    this.screen.setSpeed(this.rate);
    this.events.onChange();
  }

  private tell(window: WindowInfo, time: number): void {
    const gap = this.timeline.gapAt(window, time);
    if (this.isEmpty) {
      this.events.onNotice('No snapshot of this page can be read: only its events can be shown.');
      if (this.playing) {
        this.advance(window);
      }
    } else if (gap && !this.playing) {
      this.events.onNotice(`Part of the recording is missing here. ${gap.reason}`);
    }
  }

  private skipGap(gap: Gap, window: WindowInfo, next: number | undefined): void {
    const to = Math.min(gap.resume ?? Infinity, next ?? Infinity);
    if (to < Infinity) {
      this.events.onNotice(`Skipped ${formatDuration(to - this.time)} that cannot be shown. ${gap.reason}`);
      void this.show(to);
    } else {
      this.events.onNotice(`The rest of this page cannot be shown. ${gap.reason}`);
      this.advance(window);
    }
  }

  /** A window is over: goes on with another that still goes on, or the next to begin, or ends. */
  private advance(window: WindowInfo): void {
    this.preferred = undefined;
    const other = this.timeline.windowsAt(window.to + 1).filter((w) => w.id !== window.id).at(-1);
    const next = this.timeline.nextStart(this.time);
    if (other && this.time <= window.to + 1) {
      void this.show(window.to + 1);
    } else if (next !== undefined) {
      void this.show(next);
    } else if (this.timeline.manifest.session.live) {
      this.stalled = true;
    } else {
      this.move(this.timeline.end);
      this.pause();
    }
  }

  private async prefetch(): Promise<void> {
    try {
      await this.screen.prefetch();
    } catch (error) {
      if (!(error instanceof Superseded)) {
        await this.goOnWithout(error);
      }
    }
  }

  /** Gives whether the session goes on without a chunk; ends the playing when it does not. */
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
