import type { CaptureContext, Stop } from './capture.ts';
import { describeElement } from './element.ts';
import { watchCalls, watchSets } from './wrap.ts';

const RAGE_COUNT = 3;
const RAGE_MS = 1000;
const RAGE_PX = 30;
/** How long a page may take to show that a click has done something. */
const ANSWER_MS = 300;
/** Three clicks select a paragraph: only more are rage where text is selected. */
const RAGE_COUNT_ON_TEXT = 5;
const DEAD_MS = 3000;
const CLICKABLE = 'a,button,[role=button],[onclick],input[type=submit],input[type=button],summary';
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

/** Captures rage clicks (three or more within a second at one place that do nothing) and dead clicks (nothing changed for 3 s after one). */
export function captureClicks(context: CaptureContext): Stop {
  let recent: Click[] = [];
  let changes = 0;
  let waiting: Element | undefined;
  let decision: ReturnType<typeof setTimeout> | undefined;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const change = (): void => {
    changes++;
  };
  const observer = new MutationObserver(change);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const report = (error: unknown): void => context.failures.report('clicks', error);
  const stops = [
    context.beforeSending(() => decide()),
    ...['input', 'change', 'scroll', 'toggle', 'popstate', 'hashchange'].map((type) => {
      addEventListener(type, change, true);
      return () => removeEventListener(type, change, true);
    }),
    watchSets(HTMLInputElement.prototype, 'value', change, report),
    watchCalls(CSSStyleSheet.prototype, 'insertRule', change, report),
    watchCalls(CSSStyleDeclaration.prototype, 'setProperty', change, report),
  ];

  const decide = (): void =>
    context.failures.guard(
      'clicks',
      () => {
        const element = waiting;
        waiting = undefined;
        clearTimeout(decision);
        if (!element) {
          return;
        }
        const vain = recent.filter((click, at) => (recent[at + 1]?.changes ?? changes) === click.changes).length;
        const isSelecting = !element.closest(CLICKABLE) && getSelection()?.isCollapsed === false;
        const last = recent[recent.length - 1];
        if (last && vain >= (isSelecting ? RAGE_COUNT_ON_TEXT : RAGE_COUNT)) {
          context.emit({
            time: last.time,
            interaction: { type: 'rage_click', ...describeElement(element, context.privacy), count: recent.length },
          });
          recent = [];
        }
      },
      undefined,
    );

  const watch = (element: Element): void => {
    const before = changes;
    const url = location.href;
    // The element may leave the page before that is known.
    const described = describeElement(element, context.privacy);
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (changes === before && location.href === url && !document.hidden) {
        context.emit({ time: context.now(), interaction: { type: 'dead_click', ...described, count: 1 } });
      }
    }, DEAD_MS);
    timers.add(timer);
  };

  const onClick = (event: MouseEvent): void =>
    context.failures.guard(
      'clicks',
      () => {
        const element = event.target;
        if (!(element instanceof Element)) {
          return;
        }
        const now = context.now();
        const clickable = element.closest(CLICKABLE);
        const on = clickable ?? element;
        const last = recent[recent.length - 1];
        if (last && (last.on.deref() !== on || Math.hypot(last.x - event.clientX, last.y - event.clientY) >= RAGE_PX)) {
          decide();
          recent = [];
        }
        recent = recent.filter((click) => now - click.time < RAGE_MS);
        recent.push({ time: now, x: event.clientX, y: event.clientY, on: new WeakRef(on), changes });
        clearTimeout(decision);
        if (recent.length >= RAGE_COUNT && !element.closest(REPEATED)) {
          waiting = element;
          decision = setTimeout(decide, ANSWER_MS);
        }
        if (clickable && timers.size < 20) {
          watch(clickable);
        }
      },
      undefined,
    );

  addEventListener('click', onClick, true);
  return () => {
    removeEventListener('click', onClick, true);
    observer.disconnect();
    clearTimeout(decision);
    timers.forEach(clearTimeout);
    stops.forEach((stop) => stop());
  };
}
