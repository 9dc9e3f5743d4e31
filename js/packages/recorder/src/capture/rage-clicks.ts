import type { CaptureContext } from './capture.ts';
import type { ChangeCounter } from './change-counter.ts';
import { describeElement } from './element.ts';

const RAGE_COUNT = 3;
const RAGE_MS = 1000;
const RAGE_PX = 30;
/** How long a page may take to show that a click has done something. */
const ANSWER_MS = 300;
/** Three clicks select a paragraph: only more are rage where text is selected. */
const RAGE_COUNT_ON_TEXT = 5;
/** What is made to be clicked again and again, and changes without a trace in the document. */
const REPEATED = 'canvas,video,audio,select,embed,object,input[type=number],input[type=range],input[type=date],input[type=time]';

interface Click {
  time: number;
  x: number;
  y: number;
  /** What was clicked: the button and not the icon in it. */
  on: WeakRef<Element>;
  /** The count of changes before it. */
  changes: number;
}

/** Emits a rage click for three or more clicks within a second at one place that do nothing. */
export class RageClicks {
  private recent: Click[] = [];
  private waiting: { element: Element; isText: boolean } | undefined;
  private decision: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly context: CaptureContext,
    private readonly changes: ChangeCounter,
  ) {}

  /** @param clickable What of the page was meant by a click on an element, if anything. */
  note(element: Element, clickable: Element | null, { clientX: x, clientY: y }: MouseEvent): void {
    const now = this.context.now();
    const on = clickable ?? element;
    const last = this.recent.at(-1);
    if (last && (last.on.deref() !== on || Math.hypot(last.x - x, last.y - y) >= RAGE_PX)) {
      this.decide();
      this.recent = [];
    }
    this.recent = this.recent.filter((click) => now - click.time < RAGE_MS);
    this.recent.push({ time: now, x, y, on: new WeakRef(on), changes: this.changes.count });
    clearTimeout(this.decision);
    if (this.recent.length >= RAGE_COUNT && !element.closest(REPEATED)) {
      this.waiting = { element, isText: !clickable };
      this.decision = setTimeout(() => this.context.failures.guard('clicks', () => this.decide(), undefined), ANSWER_MS);
    }
  }

  /** Decides now whether the clicks that wait for an answer of the page were rage. */
  decide(): void {
    const { waiting, recent } = this;
    this.waiting = undefined;
    clearTimeout(this.decision);
    const last = recent.at(-1);
    if (!waiting || !last) {
      return;
    }
    const vain = recent.filter((click, at) => (recent[at + 1]?.changes ?? this.changes.count) === click.changes).length;
    const isSelecting = waiting.isText && getSelection()?.isCollapsed === false;
    if (vain >= (isSelecting ? RAGE_COUNT_ON_TEXT : RAGE_COUNT)) {
      const described = describeElement(waiting.element, this.context.privacy);
      this.context.emit({ time: last.time, interaction: { type: 'rage_click', ...described, count: recent.length } });
      this.recent = [];
    }
  }

  stop(): void {
    clearTimeout(this.decision);
  }
}
