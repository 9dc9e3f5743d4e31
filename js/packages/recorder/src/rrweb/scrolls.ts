import type { Stop } from '../capture/capture.ts';
import { closestComposed } from '../capture/composed.ts';
import { listen } from '../listen.ts';
import { callbackWrapper } from './errors.ts';

interface ScrollOptions {
  scrollCb: (position: { id: number; x: number; y: number }, target: Node) => void;
  doc: Document | ShadowRoot;
  mirror: { getId: (node: Node) => number };
  blockSelector: string | null;
  sampling: { scroll?: number };
}

/** The state of an element that is being scrolled. */
interface Scrolling {
  last: number;
  isWaiting: boolean;
}

/** Records scroll positions, in place of rrweb's: each element has a pace of its own, and its last position is always recorded. */
export function initScrollObserver({ scrollCb, doc, mirror, blockSelector, sampling }: ScrollOptions): Stop {
  const pace = sampling.scroll || 100;
  const states = new WeakMap<Node, Scrolling>();
  const emit = callbackWrapper((target: Node): void => {
    const id = mirror.getId(target);
    if (id > 0 && !(blockSelector && closestComposed(target, blockSelector))) {
      const element =
        target.nodeType === 9 ? ((target as Document).scrollingElement ?? (target as Document).documentElement) : (target as Element);
      scrollCb({ id, x: element?.scrollLeft ?? 0, y: element?.scrollTop ?? 0 }, target);
    }
  });
  const onScroll = callbackWrapper((event: Event): void => {
    const target = event.composedPath()[0] as Node | undefined;
    if (!target?.nodeType) {
      return;
    }
    const now = Date.now();
    const state = states.get(target) ?? { last: 0, isWaiting: false };
    states.set(target, state);
    if (state.isWaiting) {
      return;
    }
    const wait = pace - (now - state.last);
    if (wait <= 0 || wait > pace) {
      state.last = now;
      emit(target);
      return;
    }
    state.isWaiting = true;
    setTimeout(() => {
      state.isWaiting = false;
      state.last = Date.now();
      emit(target);
    }, wait);
  });
  return listen(doc, 'scroll', onScroll, { capture: true, passive: true });
}
