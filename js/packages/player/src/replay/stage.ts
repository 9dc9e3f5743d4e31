import type { Replayer } from '@rrweb/replay';
import { FOREIGN_SHEET } from '@session-replay/format';
import type { ChunkLoader, DomEvent, LoadedChunk } from '../data/chunk-loader.ts';
import { chunksFor, playable } from '../data/gaps.ts';
import type { ChunkInfo, WindowInfo } from '../data/types.ts';
import { createReplayer, keepFocus } from './create-replayer.ts';
import { fromPage, needsDom } from './dom-events.ts';
import type { ReplayFrame, ReplayFrames } from './frame.ts';
import { MaskedFields } from './masked-fields.ts';
import { MediaPreferences } from './media-preferences.ts';
import { Motion } from './motion.ts';
import { PageBudget } from './page-budget.ts';
import { PageState } from './page-state.ts';
import { ReplacedElements } from './replaced-elements.ts';
import { TreeGuard } from './tree-guard.ts';

/** How far ahead of the playhead chunks are loaded, in ms of the recording. */
const AHEAD_MS = 30_000;
/** The replayer keeps all it was fed: at so many bytes of batches it begins anew at the next full snapshot. */
const MAX_FED_BYTES = 24 * 1024 * 1024;
/** A page that is played from its begin is seen appearing, in ms. */
const APPEARING_MS = 50;

/** The replayer's own clock and the playhead's may differ by so much, in ms of display. */
const MAX_DRIFT_MS = 500;

/** What the stage reports to the player. */
export interface StageEvents {
  onResize: (width: number, height: number) => void;
  /** A page is about to be drawn, and was given to the browser. */
  onDraw?: (state: 'begin' | 'end') => void;
}

/** What came of an attempt to show a moment. */
export type Shown = 'shown' | 'nothing' | 'superseded';

/** Replays one window at a time: loads the chunks around the playhead and feeds them to rrweb's replayer. */
export class Stage {
  private replayer: Replayer | undefined;
  private window: WindowInfo | undefined;
  private first = 0;
  private base = 0;
  /** Where the first page is there: nothing can be shown before. */
  private least = 0;
  private loadedTo = 0;
  /** The time of the last event that the replayer has. */
  private fedUntil = 0;
  private fedBytes = 0;
  private needsDom = false;
  private speed = 1;
  private isPlaying = false;
  /** The replayer has played all that it had: what it had then. */
  private endedAt: number | undefined;
  /** Ends what was begun for a moment that is not asked for any more. */
  private asked = new AbortController();
  private feeding: Promise<void> | undefined;
  private readonly guard = new TreeGuard();
  private readonly budget = new PageBudget(this.guard);
  private replaced = new ReplacedElements();
  private readonly motion = new Motion(() => this.document, () => this.state.roots);
  private state = new PageState();

  constructor(
    private readonly frames: ReplayFrames,
    private readonly loader: ChunkLoader,
    private readonly events: StageEvents,
    private readonly maxFedBytes = MAX_FED_BYTES,
  ) {}

  /** The hosts whose stylesheets the page used and the recording does not hold. */
  get missingStyles(): string[] {
    const links = this.document?.querySelectorAll(`link[${FOREIGN_SHEET}]`) ?? [];
    return [...new Set([...links].map((link) => link.getAttribute(FOREIGN_SHEET)!).filter((url) => URL.canParse(url)).map((url) => new URL(url).host))];
  }

  /** The document that is shown. */
  get document(): Document | null {
    return this.replayer?.iframe.contentDocument ?? null;
  }

  /** What was left out of the page because no browser could bear it. */
  get limited(): string[] {
    return [...this.guard.isLimited ? ['elements'] : [], ...this.budget.limited];
  }

  /** Whether the replayer has to be brought to the playhead: it stands though there is more to play, plays something else, or holds too much. */
  isBehind(time: number): boolean {
    if (!this.replayer || !this.window) {
      return true;
    }
    if (time < this.base + this.least) {
      return false;
    }
    if (!this.isPlaying || this.endedAt !== undefined) {
      return !this.isPlaying || this.fedUntil > this.endedAt!;
    }
    const at = this.base + this.replayer.getCurrentTime();
    return this.isFull(time) || (at < this.fedUntil && Math.abs(at - time) > MAX_DRIFT_MS * Math.max(1, this.speed));
  }

  /** Shows a moment of a window, and plays on from there when asked to. Rejects when a chunk cannot be loaded. */
  async show(window: WindowInfo, time: number, play: boolean): Promise<Shown> {
    const signal = this.begin();
    const wanted = chunksFor(window, time, 0);
    if (wanted.length === 0) {
      this.destroy();
      return 'nothing';
    }
    const loaded = await Promise.all(wanted.map((chunk) => this.loader.load(window, chunk)));
    if (signal.aborted) {
      return 'superseded';
    }
    // Whatever is done with events from here on may be more than the tab bears.
    this.events.onDraw?.('begin');
    try {
      return await this.draw(window, wanted, loaded, time, play, signal);
    } finally {
      this.events.onDraw?.('end');
    }
  }

  private async draw(window: WindowInfo, wanted: ChunkInfo[], loaded: LoadedChunk[], time: number, play: boolean, signal: AbortSignal): Promise<Shown> {
    if (this.replayer && this.window?.id === window.id && this.first === wanted[0]!.seq) {
      this.window = window;
      loaded.filter((c) => c.seq > this.loadedTo).forEach((c) => this.feed(c));
      // The replayer takes added events in a microtask.
      await Promise.resolve();
      if (signal.aborted) {
        return 'superseded';
      }
    } else {
      const frame = await this.frames.ready();
      if (!frame || signal.aborted) {
        return 'superseded';
      }
      if (!this.start(window, wanted, loaded, frame)) {
        return 'nothing';
      }
      // A new replayer takes the size of the first page in a timer: it must not come after the sizes that a seek gives.
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) {
        return 'superseded';
      }
    }
    // The replayer applies what lies before an offset: one ms more takes in what happened at the very moment.
    const offset = Math.max(this.least, time - this.base) + 1;
    // Before its first page is there, a window stands at it, unless that is about now.
    this.isPlaying = play && time + MAX_DRIFT_MS > this.base + this.least;
    this.endedAt = undefined;
    if (this.isPlaying) {
      this.replayer!.play(offset);
    } else {
      // A play to the moment and a stop there casts every event up to it at once.
      this.replayer!.pause(offset);
    }
    this.showState(time);
    return 'shown';
  }

  pause(): void {
    this.isPlaying = false;
    this.replayer?.pause();
    this.motion.hold();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.replayer?.setConfig({ speed });
  }

  /** The timeline has changed: chunks that came since are fed when their time comes, unreadable ones are left out. */
  update(window: WindowInfo): void {
    if (this.window?.id === window.id) {
      this.window = window;
    }
  }

  /** Loads what comes next while playing: what begins soon, and always something that lies ahead. Rejects when a chunk cannot be loaded. */
  prefetch(time: number): Promise<void> {
    this.feeding ??= this.feedAhead(this.asked.signal, time).finally(() => (this.feeding = undefined));
    return this.feeding;
  }

  destroy(): void {
    this.begin();
    this.motion.destroy();
    this.replayer?.destroy();
    this.replayer = undefined;
    this.window = undefined;
    this.frames.remove();
  }

  private begin(): AbortSignal {
    this.asked.abort();
    this.asked = new AbortController();
    return this.asked.signal;
  }

  /** Shows what is not part of the DOM. A page that is played from its begin appears as it did; else what has appeared is there. */
  private showState(time: number): void {
    keepFocus(this.replayer!.iframe, () => this.state.show(time));
    if (!this.isPlaying || time > this.base + this.least + APPEARING_MS) {
      this.motion.settle();
    }
    if (this.isPlaying) {
      this.motion.release();
    } else {
      this.motion.hold();
    }
  }

  private chooseDom(event: DomEvent): void {
    if (!this.needsDom && needsDom(event)) {
      this.needsDom = true;
      this.replayer?.setConfig({ useVirtualDom: false });
    }
  }

  private get next(): ChunkInfo | undefined {
    return this.window && playable(this.window).find((c) => c.seq > this.loadedTo);
  }

  /** Whether showing the moment again would let go of much that was played. */
  private isFull(time: number): boolean {
    return this.fedBytes > this.maxFedBytes && this.window !== undefined && chunksFor(this.window, time, 0)[0]?.seq !== this.first;
  }

  private async feedAhead(signal: AbortSignal, time: number): Promise<void> {
    for (;;) {
      const next = this.next;
      const isSoon = next && (next.from <= time + AHEAD_MS * Math.max(1, this.speed) || this.fedUntil <= time + 1000);
      if (!isSoon || signal.aborted) {
        return;
      }
      const chunk = await this.loader.load(this.window!, next);
      if (signal.aborted) {
        return;
      }
      this.feed(chunk);
    }
  }

  private feed(chunk: LoadedChunk): void {
    // After a gap, what comes before the snapshot was done to a page that is not this one.
    const events = chunk.seq === this.loadedTo + 1 ? chunk.dom : fromPage(chunk.dom);
    for (const event of events) {
      this.admit(event);
      this.replaced.note(event);
      this.replayer!.addEvent(event);
      this.fedUntil = Math.max(this.fedUntil, event.timestamp);
    }
    this.loadedTo = Math.max(this.loadedTo, chunk.seq);
    this.fedBytes += chunk.bytes;
  }

  private admit(event: DomEvent): void {
    this.guard.admit(event);
    this.budget.admit(event);
    this.chooseDom(event);
  }

  private start(window: WindowInfo, wanted: ChunkInfo[], loaded: LoadedChunk[], frame: ReplayFrame): boolean {
    const events = fromPage(loaded.flatMap((c) => c.dom)).sort((a, b) => a.timestamp - b.timestamp);
    const snapshot = events.find((e) => e.type === 2);
    if (!snapshot) {
      // The manifest told of one, but it was refused: it is of no kind that can be shown.
      this.destroy();
      return false;
    }
    const replaced = new ReplacedElements();
    this.needsDom = false;
    for (const event of events) {
      this.admit(event);
      replaced.note(event);
    }
    const before = this.replayer;
    this.window = window;
    this.first = wanted[0]!.seq;
    this.loadedTo = wanted.at(-1)!.seq;
    this.base = events[0]!.timestamp;
    this.least = snapshot.timestamp - this.base;
    this.fedUntil = events.at(-1)!.timestamp;
    this.fedBytes = loaded.reduce((sum, c) => sum + c.bytes, 0);
    this.motion.destroy();
    this.state = new PageState();
    const replayer = createReplayer(frame, events, this.speed, this.state);
    this.replaced = replaced;
    replaced.attach(replayer);
    new MediaPreferences(replayer);
    new MaskedFields(replayer);
    replayer.setConfig({ useVirtualDom: !this.needsDom });
    replayer.on('resize', (size) => {
      const { width, height } = size as { width: number; height: number };
      this.events.onResize(width, height);
    });
    replayer.on('finish', () => {
      if (replayer === this.replayer) {
        this.endedAt = this.fedUntil;
      }
    });
    this.replayer = replayer;
    before?.destroy();
    this.frames.use(frame);
    return true;
  }
}
