import type { CaptureContext, Stop } from './capture.ts';
import { describeElement } from './element.ts';

const RAGE_COUNT = 3;
const RAGE_MS = 1000;
const RAGE_PX = 30;
const DEAD_MS = 3000;
const CLICKABLE = 'a,button,[role=button],[onclick],input[type=submit],input[type=button],summary';

/** Captures rage clicks (three or more within a second at one place) and dead clicks (on something clickable, and nothing changed for 3 s). */
export function captureClicks(context: CaptureContext): Stop {
  let recent: { time: number; x: number; y: number }[] = [];
  let changes = 0;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const observer = new MutationObserver(() => changes++);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

  const watch = (element: Element): void => {
    const before = changes;
    const url = location.href;
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (changes === before && location.href === url && !document.hidden) {
        context.emit({ time: context.now(), interaction: { type: 'dead_click', ...describeElement(element, context.privacy), count: 1 } });
      }
    }, DEAD_MS);
    timers.add(timer);
  };

  const onClick = (event: MouseEvent): void => context.failures.guard('clicks', () => {
    const element = event.target;
    if (!(element instanceof Element)) {
      return;
    }
    const now = context.now();
    recent = recent.filter((c) => now - c.time < RAGE_MS && Math.hypot(c.x - event.clientX, c.y - event.clientY) < RAGE_PX);
    recent.push({ time: now, x: event.clientX, y: event.clientY });
    if (recent.length >= RAGE_COUNT) {
      context.emit({ time: now, interaction: { type: 'rage_click', ...describeElement(element, context.privacy), count: recent.length } });
      recent = [];
    }
    const clickable = element.closest(CLICKABLE);
    if (clickable && timers.size < 20) {
      watch(clickable);
    }
  }, undefined);

  addEventListener('click', onClick, true);
  return () => {
    removeEventListener('click', onClick, true);
    observer.disconnect();
    timers.forEach(clearTimeout);
  };
}
