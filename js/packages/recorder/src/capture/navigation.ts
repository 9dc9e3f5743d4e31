import type { CaptureContext, Stop } from './capture.ts';
import { readTitle } from '../session/page.ts';
import { safeAddress } from './address.ts';
import { watchCalls } from './wrap.ts';

/** Captures the load of the page and every change of its address without a load. */
export function captureNavigation(context: CaptureContext): Stop {
  let last = '';
  const emit = (type: string): void => context.failures.guard('navigation', () => {
    if (location.href !== last) {
      last = location.href;
      context.emit({ time: context.now(), navigation: { url: safeAddress(last), title: readTitle(context.privacy), type } });
    }
  }, undefined);
  const report = (error: unknown): void => context.failures.report('navigation', error);
  const stops = [['pushState', 'push'], ['replaceState', 'replace']].map(([name, type]) =>
    watchCalls(History.prototype, name!, () => ({ done: () => emit(type!) }), report));
  const onPop = (): void => emit('pop');
  const onHash = (): void => emit('hash');
  addEventListener('popstate', onPop);
  addEventListener('hashchange', onHash);
  emit('load');
  return () => {
    stops.forEach((stop) => stop());
    removeEventListener('popstate', onPop);
    removeEventListener('hashchange', onHash);
  };
}
