import type { Replayer } from '@rrweb/replay';
import { FOREIGN_SHEET, FULL_SNAPSHOT, INCREMENTAL, MUTATION } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { createReplayer, isMotionReduced, keepFocus } from './create-replayer.ts';
import { DefinedElements } from './defined-elements.ts';
import { fromPage, needsDom } from './dom-events.ts';
import { FetchingElements } from './fetching-elements.ts';
import type { ReplayFrame } from './frame.ts';
import { FieldStates } from './field-states.ts';
import type { LoadedFiles } from './loaded-files.ts';
import { MaskedFields } from './masked-fields.ts';
import { MediaPreferences } from './media-preferences.ts';
import { Motion } from './motion.ts';
import { PageBudget } from './page-budget.ts';
import { PageState } from './page-state.ts';
import { ReplacedElements } from './replaced-elements.ts';
import { Scrolls } from './scrolls.ts';
import { TreeGuard } from './tree-guard.ts';

/** A page that is played from its begin is seen appearing, in ms. */
const APPEARING_MS = 50;
/** The replayer copies the page to apply many changes to the copy at once: fewer than this are applied sooner to the page itself. */
const MAX_DIRECT = 1000;
/** Before its first page is there, a window stands at it, unless that is about now. */
const SOON_MS = 500;

const CHANGES = ['adds', 'removes', 'texts', 'attributes'];

/** What a page reports while it is replayed. */
export interface PageEvents {
  onResize: (width: number, height: number) => void;
  /** All that it was fed is played. */
  onEnd: (until: number) => void;
}

/** One page of a recording, from a full snapshot on: collects its events, then replays them in a frame. */
export class ReplayedPage {
  isPlaying = false;
  private replayer: Replayer | undefined;
  /** What was fed before the page was begun. */
  private events: DomEvent[] = [];
  private base = 0;
  /** Where the page is there, from `base`: nothing can be shown before. */
  private snapshotAt = 0;
  /** The time of the last event that it has. */
  private fedUntil = 0;
  private needsDom = false;
  /** What the events change of the page, in nodes. */
  private changes = 0;
  private readonly guard = new TreeGuard();
  private readonly budget = new PageBudget(this.guard);
  private readonly defined = new DefinedElements();
  private readonly fetching = new FetchingElements();
  private readonly replaced = new ReplacedElements();
  private readonly state = new PageState();
  private readonly scrolls = new Scrolls();
  private readonly motion = new Motion(() => this.document, () => this.state.roots);

  constructor(
    readonly id: number,
    private readonly files: LoadedFiles,
    private readonly reports: PageEvents,
  ) {}

  get document(): Document | null {
    return this.replayer?.iframe.contentDocument ?? null;
  }

  /** The first moment that can be shown. */
  get from(): number {
    return this.base + this.snapshotAt;
  }

  /** Where the replayer's clock is. */
  get at(): number {
    return this.base + (this.replayer?.getCurrentTime() ?? 0);
  }

  /** What was left out of the page because no browser could bear it. */
  get limited(): string[] {
    return [...this.guard.isLimited ? ['elements'] : [], ...this.budget.limited];
  }

  /** The hosts whose stylesheets the page used and the recording does not hold. */
  get missingStyles(): string[] {
    const links = this.document?.querySelectorAll(`link[${FOREIGN_SHEET}]`) ?? [];
    return [
      ...new Set(
        [...links]
          .map((link) => link.getAttribute(FOREIGN_SHEET)!)
          .filter((url) => URL.canParse(url))
          .map((url) => new URL(url).host),
      ),
    ];
  }

  /**
   * @param isContinued Whether the events follow what was fed last. After a gap, what comes before a snapshot was done to a page that is
   * not this one.
   */
  feed(events: DomEvent[], isContinued: boolean): void {
    for (const event of isContinued ? events : fromPage(events)) {
      this.guard.admit(event);
      this.budget.admit(event);
      this.fetching.admit(event);
      this.defined.admit(event);
      this.replaced.note(event);
      this.files.note(event);
      this.chooseDom(event);
      this.changes += changesOf(event);
      this.fedUntil = Math.max(this.fedUntil, event.timestamp);
      if (this.replayer) {
        this.replayer.addEvent(event);
      } else {
        this.events.push(event);
      }
    }
  }

  /** Starts the replay. Returns false if the page has no snapshot of a kind that can be shown. */
  begin(frame: ReplayFrame, speed: number): boolean {
    const events = this.events.sort((a, b) => a.timestamp - b.timestamp);
    this.events = [];
    const snapshot = events.find((event) => event.type === FULL_SNAPSHOT);
    if (!snapshot) {
      return false;
    }
    this.base = events[0]!.timestamp;
    this.snapshotAt = snapshot.timestamp - this.base;
    const replayer = createReplayer(frame, events, speed, this.state, (created) => {
      this.replaced.attach(created);
      this.files.attach(created);
      new MediaPreferences(created);
      new FieldStates(created);
      new MaskedFields(created);
      // After all else that changes the page, which a scroll lays out.
      this.scrolls.attach(created, isMotionReduced());
    });
    this.replayer = replayer;
    replayer.on('resize', (size) => {
      const { width, height } = size as { width: number; height: number };
      this.reports.onResize(width, height);
    });
    replayer.on('finish', () => this.reports.onEnd(this.fedUntil));
    return true;
  }

  get hasBegun(): boolean {
    return this.replayer !== undefined;
  }

  /** Shows a moment, and plays on from there when asked to. */
  show(time: number, play: boolean): void {
    this.replayer!.setConfig({ useVirtualDom: !this.needsDom && this.changes > MAX_DIRECT });
    // The replayer applies what lies before an offset: one ms more takes in what happened at the very moment.
    const offset = Math.max(this.snapshotAt, time - this.base) + 1;
    this.isPlaying = play && time + SOON_MS > this.from;
    if (this.isPlaying) {
      this.replayer!.play(offset);
    } else {
      // A play to the moment and a stop there casts every event up to it at once.
      this.replayer!.pause(offset);
    }
    this.showState(time);
  }

  pause(): void {
    this.isPlaying = false;
    this.replayer?.pause();
    this.scrolls.settle();
    this.motion.hold();
  }

  setSpeed(speed: number): void {
    this.replayer?.setConfig({ speed });
  }

  /** Leaves the frame to another page, with this one in it until then. */
  destroy(): void {
    this.isPlaying = false;
    this.motion.destroy();
    this.replayer?.destroy();
    this.replayer = undefined;
  }

  /** Shows what is not part of the DOM. A page that is played from its begin appears as it did; else what has appeared is there. */
  private showState(time: number): void {
    keepFocus(this.replayer!.iframe, () => this.state.show(time));
    if (!this.isPlaying || time > this.from + APPEARING_MS) {
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
}

function changesOf({ type, data }: DomEvent): number {
  return type === INCREMENTAL && data['source'] === MUTATION
    ? CHANGES.reduce((sum, list) => sum + (data[list] as unknown[]).length, 0) : 0;
}
