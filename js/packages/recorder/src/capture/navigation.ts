import type { CaptureContext, Stop } from './capture.ts';
import { readTitle } from '../session/page.ts';
import { safeAddress } from './address.ts';
import { watchCalls } from './wrap.ts';

/** How long a page that changes its address may take to change its title. */
const TITLE_MS = 1000;

/** Captures the load of the page and every change of its address without a load. */
export function captureNavigation(context: CaptureContext): Stop {
  let last = '';
  let flush = (): void => {};
  const guard = (run: () => void): void => context.failures.guard('navigation', run, undefined);
  const emit = (time: number, url: string, type: string): void => guard(
    () => context.emit({ time, navigation: { url: safeAddress(url), title: readTitle(context.privacy), type } }));
  const changed = (type: string): void => guard(() => {
    if (location.href !== last) {
      // The page before keeps the title that it has until here.
      flush();
      last = location.href;
      const [time, url] = [context.now(), last];
      flush = afterTitle(() => emit(time, url, type));
    }
  });
  const report = (error: unknown): void => context.failures.report('navigation', error);
  const stops = [['pushState', 'push'], ['replaceState', 'replace']].map(([name, type]) =>
    watchCalls(History.prototype, name!, () => ({ done: () => changed(type!) }), report));
  const onPop = (): void => changed('pop');
  const onHash = (): void => changed('hash');
  const onLeave = (): void => flush();
  addEventListener('popstate', onPop);
  addEventListener('hashchange', onHash);
  addEventListener('pagehide', onLeave);
  last = location.href;
  emit(context.now(), last, 'load');
  return () => {
    flush();
    stops.forEach((stop) => stop());
    removeEventListener('popstate', onPop);
    removeEventListener('hashchange', onHash);
    removeEventListener('pagehide', onLeave);
  };
}

/**
 * Frameworks change the address first and the title with the new page's content, some only when it was fetched.
 * Runs once: when there is another title, or after a while. While it renders, a page may have none.
 * @returns Runs it now.
 */
function afterTitle(run: () => void): () => void {
  const once = (): void => {
    observer.disconnect();
    clearTimeout(timer);
    const pending = waiting;
    waiting = undefined;
    pending?.();
  };
  let waiting: (() => void) | undefined = run;
  const before = document.title;
  const observer = new MutationObserver(() => {
    if (document.title !== '' && document.title !== before) {
      once();
    }
  });
  observer.observe(document.head ?? document.documentElement, { subtree: true, childList: true, characterData: true });
  const timer = setTimeout(once, TITLE_MS);
  return once;
}
