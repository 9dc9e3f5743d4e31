import type { CaptureContext, Stop } from './capture.ts';
import { cut } from './text.ts';

/** Captures the load of the page and every change of its address without a load. */
export function captureNavigation(context: CaptureContext): Stop {
  let last = '';
  const emit = (type: string): void => context.failures.guard('navigation', () => {
    if (location.href !== last) {
      last = location.href;
      context.emit({ time: context.now(), navigation: { url: cut(location.href, 4000), title: cut(document.title, 500), type } });
    }
  }, undefined);
  const push = history.pushState;
  const replace = history.replaceState;
  history.pushState = function (this: History, ...args: Parameters<History['pushState']>): void {
    push.apply(this, args);
    emit('push');
  };
  history.replaceState = function (this: History, ...args: Parameters<History['replaceState']>): void {
    replace.apply(this, args);
    emit('replace');
  };
  const onPop = (): void => emit('pop');
  const onHash = (): void => emit('hash');
  addEventListener('popstate', onPop);
  addEventListener('hashchange', onHash);
  emit('load');
  return () => {
    history.pushState = push;
    history.replaceState = replace;
    removeEventListener('popstate', onPop);
    removeEventListener('hashchange', onHash);
  };
}
