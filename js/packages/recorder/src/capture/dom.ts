import { record } from '@rrweb/record';
import { inputMasker, maskText } from '../masking.ts';
import type { CaptureContext, Stop } from './capture.ts';
import { withScrollGuard } from './scroll-guard.ts';

/** How often a full snapshot is taken anew, in ms: bounds how much playback reads to begin at any moment. */
export const CHECKOUT_MS = 120_000;

const EVERY_FIELD: NonNullable<NonNullable<Parameters<typeof record>[0]>['maskInputOptions']> & { input: true } = {
  input: true, textarea: true, select: true, password: true,
};

/** A running DOM capture. */
export interface DomCapture {
  stop: Stop;
  /** Takes a full snapshot now. */
  snapshot: () => void;
}

/** Captures the DOM with rrweb. `checkoutMs` is the time between full snapshots. */
export function captureDom(context: CaptureContext, checkoutMs: number = CHECKOUT_MS): DomCapture {
  const { options } = context;
  const join = (...selectors: (string | undefined)[]) => selectors.filter(Boolean).join(',');
  const stop = withScrollGuard(() => record({
    emit: (event) => context.emit({ time: event.timestamp, dom: event }),
    errorHandler: (error) => {
      context.failures.report('dom', error);
      return true;
    },
    checkoutEveryNms: checkoutMs,
    // By tag and not by rrweb's list of types, which leaves hidden fields out.
    maskInputOptions: EVERY_FIELD,
    maskInputFn: inputMasker(options.unmaskInputSelector) as (text: string, element: HTMLElement) => string,
    maskTextSelector: options.maskAllText ? '*' : join('[data-sr-mask]', '.sr-mask', options.maskSelector),
    maskTextFn: maskText,
    blockSelector: join('[data-sr-block]', '.sr-block', options.blockSelector),
    inlineStylesheet: true,
    recordCanvas: false,
    collectFonts: false,
    recordCrossOriginIframes: false,
    slimDOMOptions: 'all',
    sampling: { mousemove: 50, scroll: 100, media: 500, input: 'last' },
  }));
  return {
    stop: () => stop?.(),
    snapshot: () => withScrollGuard(() => record.takeFullSnapshot(true)),
  };
}
