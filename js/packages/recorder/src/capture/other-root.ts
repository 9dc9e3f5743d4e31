import type { Stop } from './capture.ts';

/** A page that replaces itself without end is looked at this often, in ms. */
const MIN_MS = 1000;

/** Calls back when a document has another root element: it was written over (`document.open`), or its root was replaced. */
export function onOtherRoot(document: Document, run: () => void): Stop {
  let root = document.documentElement;
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = (): void => {
    timer = undefined;
    // Without one there is nothing to be seen; the next comes with a change.
    if (document.documentElement && document.documentElement !== root) {
      root = document.documentElement;
      last = performance.now();
      run();
    }
  };
  const observer = new MutationObserver(() => {
    const wait = last + MIN_MS - performance.now();
    if (last > 0 && wait > 0) {
      timer ??= setTimeout(check, wait);
    } else {
      check();
    }
  });
  observer.observe(document, { childList: true });
  return () => {
    observer.disconnect();
    clearTimeout(timer);
  };
}
