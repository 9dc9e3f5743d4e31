import { LOADED_FILES } from '@session-replay/format';
import type { CaptureContext, Stop } from './capture.ts';
import { emitCustom } from './own-events.ts';

/** Further addresses of a window are ignored. */
const MAX_LOADS = 2000;
/** What CSS or a `use` element names is loaded for it, or by a `link` that preloads it. Of links, only images and fonts count. */
const BY_LINK = /\.(avif|gif|ico|jpe?g|otf|png|svg|ttf|webp|woff2?)(\?|$)/i;

/**
 * Reports which files of its own origin a window has loaded: only those can the browser return again without asking the site. For files
 * that CSS or a `use` element may name, an event is recorded in which the worker names them if what names them was sent before they loaded.
 */
export function captureLoads(context: CaptureContext, win: Window & typeof globalThis): Stop {
  if (!win.PerformanceObserver) {
    return () => undefined;
  }
  let count = 0;
  const own = `${location.origin}/`;
  const observer = new win.PerformanceObserver((list) =>
    context.failures.guard(
      'loads',
      () => {
        const loads = (list.getEntries() as PerformanceResourceTiming[])
          .filter(({ name }) => name.startsWith(own))
          .slice(0, MAX_LOADS - count);
        count += loads.length;
        if (loads.length > 0) {
          context.noteLoaded(loads.map(({ name }) => name));
        }
        if (
          loads.some(
            ({ name, initiatorType }) =>
              initiatorType === 'css' || initiatorType === 'use' || (initiatorType === 'link' && BY_LINK.test(name)),
          )
        ) {
          emitCustom(context, LOADED_FILES, { files: [] });
        }
      },
      undefined,
    ),
  );
  observer.observe({ type: 'resource', buffered: true });
  return () => observer.disconnect();
}
