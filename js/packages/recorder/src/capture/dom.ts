import { record } from '@rrweb/record';
import { listen } from '../listen.ts';
import { mask, maskText } from '../masking.ts';
import { nameAct } from './acts.ts';
import { safeAddress } from './address.ts';
import { admitFields } from '../rrweb/field-states.ts';
import { admitSheets } from '../rrweb/sheet-states.ts';
import { Boxes } from './boxes.ts';
import { ScriptAnimations } from './animations.ts';
import type { CaptureContext, Stop } from './capture.ts';
import { capturePreferences } from './preferences.ts';
import { onOtherRoot } from './other-root.ts';
import { hidePrivate } from './private-content.ts';
import { eachRoot } from './roots.ts';
import { withScrollGuard } from './scroll-guard.ts';
import { inputMasker, watchSecrets } from './secrets.ts';
import { TopLayer } from './top-layer.ts';

/** How often a full snapshot is taken anew, in ms: bounds how much playback reads to begin at any moment. */
export const CHECKOUT_MS = 120_000;

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const META = 4;
const CUSTOM = 5;
const EVERY_FIELD: NonNullable<NonNullable<Parameters<typeof record>[0]>['maskInputOptions']> & { input: true } = {
  input: true, textarea: true, select: true, password: true,
};

/** A running DOM capture. */
export interface DomCapture {
  stop: Stop;
  /** Takes a full snapshot now. */
  snapshot: () => void;
}

/**
 * Captures the DOM with rrweb.
 * @param checkoutMs Gives the time between full snapshots.
 * @param onReplaced Called when the page was written over: listeners may be gone, and the capture has to begin again.
 */
export function captureDom(context: CaptureContext, checkoutMs: () => number, onReplaced: () => void): DomCapture {
  const { privacy } = context;
  let stopRrweb: Stop | undefined;
  let stopWatching: Stop | undefined;
  let stopped = false;
  let lastSnapshot = 0;
  let checkout: ReturnType<typeof setTimeout> | undefined;
  const boxes = new Boxes(context);
  const preferences = capturePreferences(context);
  const snapshot = (): void => context.failures.guard('dom', () => {
    if (stopRrweb) {
      withScrollGuard(() => record.takeFullSnapshot(true));
    }
  }, undefined);
  const emitOwn = (tag: string, payload: object): void => {
    const time = context.now();
    context.emit({ time, dom: { type: CUSTOM, timestamp: time, data: { tag, payload } } });
  };
  const topLayer = new TopLayer(context, emitOwn);
  const animations = new ScriptAnimations(context, emitOwn);
  const emit = (event: { type: number; timestamp: number; data: object }): void => {
    if (stopped || !hidePrivate(event, privacy)) {
      return;
    }
    boxes.admit(event);
    admitSheets(event);
    admitFields(event, privacy);
    preferences.admit(event);
    if (event.type === META) {
      const data = event.data as { href: string };
      data.href = safeAddress(data.href);
    }
    nameAct(event, privacy);
    context.emit({ time: event.timestamp, dom: event });
    eachRoot(event, (root) => {
      topLayer.watch(root);
      animations.watch(root);
    });
    if (event.type === FULL_SNAPSHOT) {
      lastSnapshot = event.timestamp;
      topLayer.report();
      animations.report();
    } else if (event.type === INCREMENTAL && lastSnapshot > 0 && !checkout && event.timestamp - lastSnapshot > checkoutMs()) {
      // Not by rrweb itself, whose own checkouts would go around the guard.
      checkout = setTimeout(() => {
        checkout = undefined;
        snapshot();
      }, 0);
    }
  };
  const start = (): void => context.failures.guard('dom', () => {
    if (stopped) {
      return;
    }
    stopWatching = onOtherRoot(document, () => context.failures.guard('dom', onReplaced, undefined));
    stopRrweb = withScrollGuard(() => record({
      emit,
      errorHandler: (error) => context.failures.report('dom', error),
      // By tag and not by rrweb's list of types, which leaves hidden fields out.
      maskInputOptions: EVERY_FIELD,
      maskInputFn: inputMasker(context, mask) as (text: string, element: HTMLElement) => string,
      maskTextSelector: privacy.mask,
      maskTextFn: maskText,
      blockSelector: privacy.block,
      inlineStylesheet: true,
      recordCanvas: false,
      collectFonts: false,
      recordCrossOriginIframes: false,
      slimDOMOptions: 'all',
      // In frames too, before their own scripts.
      plugins: [{ name: 'secrets', observer: (_, win) => (win === window ? () => undefined : watchSecrets(context, win)), options: undefined }],
      sampling: { mousemove: 50, scroll: 100, media: 500, input: 'last' },
    }));
  }, undefined);

  const stopWaiting = onceThereIsABody(start);
  return {
    stop: () => {
      stopped = true;
      topLayer.stop();
      animations.stop();
      clearTimeout(checkout);
      stopWaiting();
      boxes.stop();
      preferences.stop();
      stopWatching?.();
      stopRrweb?.();
      stopRrweb = undefined;
    },
    snapshot,
  };
}

/** Calls back as soon as there is something to be seen. What a page waits for while it is read may never come. */
function onceThereIsABody(run: () => void): Stop {
  if (document.body || document.readyState !== 'loading') {
    run();
    return () => undefined;
  }
  const check = (): void => {
    if (document.body || document.readyState !== 'loading') {
      stop();
      run();
    }
  };
  const observer = new MutationObserver(check);
  observer.observe(document, { childList: true, subtree: true });
  // A document of another kind has no body.
  const stopListening = listen(document, 'DOMContentLoaded', check);
  const stop = (): void => {
    observer.disconnect();
    stopListening();
  };
  return stop;
}
