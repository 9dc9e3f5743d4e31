import { chunksFor } from '../data/gaps.ts';
import type { WindowInfo } from '../data/types.ts';
import { PageFeed, type ChunkSource } from './page-feed.ts';
import type { Answer, Reply } from './protocol.ts';
import { StageFrame, frameProblem, type Asked } from './stage-frame.ts';

/** The replayer's own clock and the playhead's may differ by so much, in ms of display. */
const MAX_DRIFT_MS = 500;

/** What the stage reports to the player. */
export interface StageEvents {
  onResize: (width: number, height: number) => void;
  /** What is to be said about the page has changed. */
  onNotes?: () => void;
  /** A page is about to be drawn, and was given to the browser. */
  onDraw?: (state: 'begin' | 'end') => void;
  /** The page kept its process busy for too long, and was removed with it. */
  onStuck?: () => void;
}

/**
 * What came of an attempt to show a moment; `partly`: more than the limits lies before it, and the page is shown as it was where they were
 * reached.
 */
export type Shown = 'shown' | 'partly' | 'nothing' | 'superseded';

/**
 * The player's end of the stage: loads the chunks around the playhead, and has them replayed in a frame that runs in a process of its own
 * where the browser gives it one. What the frame says is not relied on: its process runs what recordings contain.
 */
export class Stage {
  /** What was left out of the page because no browser could bear it. */
  limited: string[] = [];
  /** The hosts whose stylesheets the page used and the recording does not hold. */
  missingStyles: string[] = [];
  isShown = false;
  /** Nothing is drawn before the viewer asks for it. */
  isHeld = false;
  private isPatient = false;
  private frame: StageFrame | undefined;
  private opening: Promise<StageFrame | undefined> | undefined;
  /** Ends the loading of a frame that is removed. */
  private removal = new AbortController();
  private readonly feed: PageFeed;
  /** The first moment that the page can be shown at. */
  private from = 0;
  private speed = 1;
  private isPlaying = false;
  private wantsPlay = false;
  private clock = { at: 0, when: 0 };
  /** The replayer has played all that it had: up to when. */
  private endedAt: number | undefined;
  /** Ends what was begun for a moment that is not asked for any more. */
  private asked = new AbortController();
  private feeding: Promise<void> | undefined;

  /** @param url The address of the stage's page. */
  constructor(
    private readonly root: HTMLElement,
    private readonly url: string,
    private readonly source: ChunkSource,
    private readonly events: StageEvents,
  ) {
    this.feed = new PageFeed(source, (frame, order) => this.ask<'feed'>(frame, order));
  }

  /** The moment up to which the page was fed. */
  get fedUntil(): number {
    return this.feed.until;
  }

  /** The document that is shown; null where the stage is of another origin. */
  get document(): Document | null {
    return this.isShown ? (this.frame?.document ?? null) : null;
  }

  /**
   * Whether the page has to be brought to the playhead: it stands though there is more to play, plays something else, or holds too much.
   */
  isBehind(time: number): boolean {
    if (this.isHeld) {
      return false;
    }
    if (!this.isShown || !this.feed.window) {
      return true;
    }
    if (time < this.from) {
      return false;
    }
    if (!this.isPlaying || this.endedAt !== undefined) {
      return !this.isPlaying || this.fedUntil > this.endedAt! || this.feed.isCut(time);
    }
    const { at } = this.now();
    return (
      this.feed.isFull(time)
      || this.feed.isCut(time)
      || (at < this.fedUntil && Math.abs(at - time) > MAX_DRIFT_MS * Math.max(1, this.speed))
    );
  }

  /** Shows a moment of a window, and plays on from there when asked to. Rejects when a chunk or the stage cannot be loaded. */
  async show(window: WindowInfo, time: number, play: boolean): Promise<Shown> {
    const signal = this.begin();
    this.wantsPlay = play;
    if (this.isHeld) {
      return 'nothing';
    }
    const wanted = chunksFor(window, time, 0);
    if (wanted.length === 0) {
      this.clear();
      return 'nothing';
    }
    if (!this.isShown) {
      // It comes while the frame loads, and while the player around it is drawn.
      this.source.prepare(window, wanted[0]!);
    }
    const frame = await this.connect();
    if (!frame || signal.aborted) {
      return 'superseded';
    }
    this.feed.open(frame, window, wanted[0]!.seq);
    const isWhole = await this.feed.upTo(frame, wanted, signal);
    return signal.aborted
      ? 'superseded'
      : this.draw(frame, isWhole ? time : Math.min(time, this.fedUntil), play && isWhole, isWhole, signal);
  }

  /** Loads the frame before there is something to show. A problem with it is met when there is. */
  open(): void {
    this.connect().catch(() => undefined);
  }

  /** Lets more be shown of the page than the limits allow. */
  allow(): void {
    this.feed.allow();
  }

  pause(): void {
    this.isPlaying = this.wantsPlay = false;
    this.frame?.send({ do: 'pause' });
  }

  setSpeed(speed: number): void {
    this.clock = this.now();
    this.speed = speed;
    this.frame?.send({ do: 'speed', speed });
  }

  /** The timeline has changed: chunks that came since are fed when their time comes, unreadable ones are left out. */
  update(window: WindowInfo): void {
    if (this.feed.window?.id === window.id) {
      this.feed.window = window;
    }
  }

  /** Loads what comes next while playing: what begins soon, and always something that lies ahead. Rejects when a chunk cannot be loaded. */
  prefetch(time: number): Promise<void> {
    this.feeding ??= (this.frame ? this.feed.ahead(this.frame, time, this.speed, this.asked.signal) : Promise.resolve()).finally(
      () => (this.feeding = undefined),
    );
    return this.feeding;
  }

  /** Draws nothing before `release`. */
  hold(): void {
    this.isHeld = true;
    this.destroy();
  }

  /** The viewer wants it drawn, however long it takes. */
  release(): void {
    this.isHeld = false;
    this.isPatient = true;
  }

  destroy(): void {
    this.begin();
    this.removal.abort();
    this.removal = new AbortController();
    this.opening = undefined;
    this.frame?.remove();
    this.frame = undefined;
    this.forget();
  }

  private begin(): AbortSignal {
    this.asked.abort();
    this.asked = new AbortController();
    return this.asked.signal;
  }

  /** The frame with the stage; loaded again where it did not come before. */
  private connect(): Promise<StageFrame | undefined> {
    this.opening ??= this.load().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private async load(): Promise<StageFrame | undefined> {
    const events = { onAnswer: (answer: Exclude<Answer, Reply>) => this.take(answer), onLost: () => this.lose() };
    this.frame = await StageFrame.open(this.root, this.url, events, this.isPatient, this.removal.signal);
    this.frame?.send({ do: 'speed', speed: this.speed });
    return this.frame;
  }

  private lose(): void {
    this.hold();
    this.events.onStuck?.();
  }

  private take(answer: Exclude<Answer, Reply>): void {
    switch (answer.is) {
      case 'size':
        this.events.onResize(answer.width, answer.height);
        break;
      case 'clock':
        this.clock = { at: answer.at, when: answer.when - performance.timeOrigin };
        break;
      case 'ended':
        this.endedAt = Math.min(answer.until, this.fedUntil);
        break;
      case 'notes':
        [this.limited, this.missingStyles] = [answer.limited, answer.missing];
        this.events.onNotes?.();
    }
  }

  /** Where the replayer's clock should be by now. */
  private now(): { at: number; when: number } {
    const now = performance.now();
    return { at: this.clock.at + (now - this.clock.when) * this.speed, when: now };
  }

  private forget(): void {
    this.feed.forget();
    this.isShown = this.isPlaying = false;
    this.limited = this.missingStyles = [];
  }

  private clear(): void {
    this.frame?.send({ do: 'close' });
    this.forget();
  }

  private async draw(frame: StageFrame, time: number, play: boolean, isWhole: boolean, signal: AbortSignal): Promise<Shown> {
    const reply = await this.ask<'show'>(frame, { do: 'show', page: this.feed.page, time, play });
    if (!reply || reply.result === 'superseded' || signal.aborted) {
      return 'superseded';
    }
    if (reply.result === 'no-frame' || reply.result === 'failed') {
      this.destroy();
      throw reply.result === 'no-frame' ? frameProblem() : new Error('The page could not be drawn.');
    }
    if (reply.result !== 'shown') {
      // The manifest listed a snapshot, but it was refused: it is not of a kind that can be shown.
      this.forget();
      return 'nothing';
    }
    this.isShown = true;
    this.from = reply.from;
    this.isPlaying = reply.isPlaying && this.wantsPlay;
    this.clock = { at: time, when: performance.now() };
    this.endedAt = undefined;
    if (reply.isPlaying && !this.wantsPlay) {
      frame.send({ do: 'pause' });
    }
    return isWhole ? 'shown' : 'partly';
  }

  /** Has the stage do something that may be more than its process bears. */
  private async ask<T extends 'feed' | 'show'>(frame: StageFrame, order: Asked<T>): Promise<Reply | undefined> {
    this.events.onDraw?.('begin');
    try {
      return await frame.ask(order);
    } finally {
      this.events.onDraw?.('end');
    }
  }
}
