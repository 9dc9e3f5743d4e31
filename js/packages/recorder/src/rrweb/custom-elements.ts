import type { Stop } from '../capture/capture.ts';
import { watchCalls } from '../capture/wrap.ts';
import { report } from './errors.ts';

interface CustomElementOptions {
  doc: Document;
  customElementCb: (change: { define: { name: string } }) => void;
}

/** Records which custom elements a page has defined, in place of rrweb's. */
export function initCustomElementObserver({ doc, customElementCb }: CustomElementOptions): Stop {
  const win = doc.defaultView as (Window & typeof globalThis) | null;
  if (!win?.CustomElementRegistry) {
    return () => undefined;
  }
  return watchCalls(
    win.CustomElementRegistry.prototype,
    'define',
    (_, [name]) => ({
      done: () => {
        if (typeof name === 'string') {
          customElementCb({ define: { name } });
        }
      },
    }),
    report,
  );
}
