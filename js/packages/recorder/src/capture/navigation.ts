import type { CaptureContext, Stop } from './capture.ts';
import { readTitle } from '../session/page.ts';
import { safeAddress } from './address.ts';
import { patch } from './patch.ts';

/** Captures the load of the page and every change of its address without a load. */
export function captureNavigation(context: CaptureContext): Stop {
  let last = '';
  const emit = (type: string): void => context.failures.guard('navigation', () => {
    if (location.href !== last) {
      last = location.href;
      context.emit({ time: context.now(), navigation: { url: safeAddress(last), title: readTitle(context.privacy), type } });
    }
  }, undefined);
  const stops = [['pushState', 'push'], ['replaceState', 'replace']].map(([name, type]) => patch(History.prototype, name!, (_, _args, call) => {
    const result = call();
    emit(type!);
    return result;
  }));
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
