import type { CaptureContext } from './capture.ts';
import type { ChangeCounter } from './change-counter.ts';
import { describeElement } from './element.ts';

const DEAD_MS = 3000;
/** Clicks that are watched at once. */
const MAX_WATCHED = 20;

/** Emits a dead click for an element after whose click nothing changes for 3 s. */
export class DeadClicks {
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(
    private readonly context: CaptureContext,
    private readonly changes: ChangeCounter,
  ) {}

  watch(element: Element): void {
    const { context, changes, timers } = this;
    if (timers.size >= MAX_WATCHED) {
      return;
    }
    const before = changes.count;
    const url = location.href;
    // The element may leave the page before that is known.
    const described = describeElement(element, context.privacy);
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (changes.count === before && location.href === url && !document.hidden) {
        context.emit({ time: context.now(), interaction: { type: 'dead_click', ...described, count: 1 } });
      }
    }, DEAD_MS);
    timers.add(timer);
  }

  stop(): void {
    this.timers.forEach(clearTimeout);
  }
}
