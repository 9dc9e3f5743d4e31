import type { CaptureContext, Stop } from './capture.ts';
import { ChangeCounter } from './change-counter.ts';
import { DeadClicks } from './dead-clicks.ts';
import { RageClicks } from './rage-clicks.ts';

const CLICKABLE = 'a,button,[role=button],[onclick],input[type=submit],input[type=button],summary';

/** Captures clicks that do nothing: rage clicks and dead clicks. */
export function captureClicks(context: CaptureContext): Stop {
  const changes = new ChangeCounter((error) => context.failures.report('clicks', error));
  const rage = new RageClicks(context, changes);
  const dead = new DeadClicks(context, changes);
  const guard = (run: () => void): void => context.failures.guard('clicks', run, undefined);
  const onClick = (event: MouseEvent): void => guard(() => {
    const element = event.target;
    if (element instanceof Element) {
      const clickable = element.closest(CLICKABLE);
      rage.note(element, clickable, event);
      if (clickable) {
        dead.watch(clickable);
      }
    }
  });
  const stopDeciding = context.beforeSending(() => guard(() => rage.decide()));
  addEventListener('click', onClick, true);
  return () => {
    removeEventListener('click', onClick, true);
    stopDeciding();
    rage.stop();
    dead.stop();
    changes.stop();
  };
}
