import { record } from '@rrweb/record';
import { FULL_SNAPSHOT, INCREMENTAL, META, STYLE_SOURCES } from '@session-replay/format';
import { listen } from '../listen.ts';
import { mask } from '../masking.ts';
import { nameAct } from './acts.ts';
import { safeAddress } from './address.ts';
import { Admission, setAdmission } from './admission.ts';
import { admitSheetChange } from '../rrweb/css-events.ts';
import { visitField } from '../rrweb/field-states.ts';
import type { Mirror } from '../rrweb/mirror.ts';
import { visitSheet } from '../rrweb/sheet-states.ts';
import { Boxes } from './boxes.ts';
import { ScriptAnimations } from './animations.ts';
import type { CaptureContext, Stop } from './capture.ts';
import { capturePreferences } from './preferences.ts';
import { captureLoads } from './loads.ts';
import { onOtherRoot } from './other-root.ts';
import { emitCustom } from './own-events.ts';
import { hidePrivate } from './private-content.ts';
import type { Root } from './roots.ts';
import { withScrollGuard } from './scroll-guard.ts';
import { inputMasker, watchSecrets } from './secrets.ts';
import { TopLayer } from './top-layer.ts';

/** How often a full snapshot is taken again, in ms: bounds how much playback reads to begin at any moment. */
export const CHECKOUT_MS = 120_000;

type RrwebOptions = NonNullable<Parameters<typeof record>[0]>;
type RecordPlugin = NonNullable<RrwebOptions['plugins']>[number];
/** An event of rrweb. */
interface Captured {
  type: number;
  timestamp: number;
  data: { source?: number; id?: number; href?: string };
}

/** By tag and not by rrweb's list of types, which leaves hidden fields out. */
const EVERY_FIELD: NonNullable<RrwebOptions['maskInputOptions']> & { input: true } = {
  input: true, textarea: true, select: true, password: true,
};

const RRWEB_OPTIONS = {
  maskInputOptions: EVERY_FIELD,
  inlineStylesheet: true,
  recordCanvas: false,
  collectFonts: false,
  recordCrossOriginIframes: false,
  slimDOMOptions: 'all',
  sampling: { mousemove: 50, scroll: 100, media: 500, input: 'last' },
} as const;

/** Captures the DOM with rrweb. */
export class DomCapture {
  private stopRrweb: Stop | undefined;
  private stopWatching: Stop | undefined;
  private readonly stopWaiting: Stop;
  private stopped = false;
  private lastSnapshot = 0;
  private checkout: ReturnType<typeof setTimeout> | undefined;
  private readonly boxes: Boxes;
  private readonly preferences: ReturnType<typeof capturePreferences>;
  private readonly topLayer: TopLayer;
  private readonly animations: ScriptAnimations;

  /**
   * @param checkoutMs Gives the time between full snapshots.
   * @param onReplaced Called when the page was written over: listeners may be gone, and the capture has to begin again.
   */
  constructor(
    private readonly context: CaptureContext,
    private readonly checkoutMs: () => number,
    private readonly onReplaced: () => void,
  ) {
    const emitOwn = (tag: string, payload: object): void => emitCustom(context, tag, payload);
    this.boxes = new Boxes(context);
    this.preferences = capturePreferences(context);
    this.topLayer = new TopLayer(context, emitOwn);
    this.animations = new ScriptAnimations(context, emitOwn);
    this.stopWaiting = onceThereIsABody(() => this.guard(() => this.start()));
  }

  /** Takes a full snapshot now. */
  snapshot(): void {
    this.guard(() => {
      if (this.stopRrweb) {
        withScrollGuard(() => record.takeFullSnapshot(true));
      }
    });
  }

  stop(): void {
    this.stopped = true;
    this.topLayer.stop();
    this.animations.stop();
    clearTimeout(this.checkout);
    this.stopWaiting();
    this.boxes.stop();
    this.preferences.stop();
    this.stopWatching?.();
    this.stopRrweb?.();
    this.stopRrweb = undefined;
  }

  private start(): void {
    if (this.stopped) {
      return;
    }
    const { context } = this;
    this.stopWatching = onOtherRoot(document, () => this.guard(this.onReplaced));
    const maskInput = inputMasker(context, mask);
    setAdmission(this.admission(maskInput));
    this.stopRrweb = withScrollGuard(() => record({
      ...RRWEB_OPTIONS,
      emit: ((event: Captured, node?: Node) => this.emit(event, node)) as unknown as RrwebOptions['emit'],
      errorHandler: (error) => context.failures.report('dom', error),
      maskInputFn: maskInput as (text: string, element: HTMLElement) => string,
      blockSelector: context.privacy.block,
      plugins: [
        inFrames(context, 'secrets', watchSecrets),
        ...(context.options.captureAssets ? [inFrames(context, 'loads', captureLoads)] : []),
      ],
    }));
  }

  /** What decides over nodes while rrweb reads them: an event can have all nodes of the page, and is not walked again. */
  private admission(maskInput: (text: string, field: Element) => string): Admission {
    const { context, topLayer, animations } = this;
    const onRoot = (root: Root): void => this.guard(() => {
      topLayer.watch(root);
      animations.watch(root);
    });
    const visits = [this.boxes.visit, visitSheet, visitField(context.privacy), this.preferences.visit];
    const { mirror } = record as unknown as { mirror: Mirror };
    return new Admission(context.privacy, maskInput, onRoot, visits, () => mirror.size);
  }

  /** @param node What the event is of, if it is of one node. */
  private emit(event: Captured, node: Node | undefined): void {
    const { context, topLayer, animations } = this;
    if (this.stopped || !this.admit(event, node)) {
      return;
    }
    context.emit({ time: event.timestamp, dom: event });
    if (event.type === FULL_SNAPSHOT) {
      this.lastSnapshot = event.timestamp;
      topLayer.report();
      animations.report();
    } else if (event.type === INCREMENTAL && this.isCheckoutDue(event.timestamp)) {
      // Not by rrweb itself, whose own checkouts would go around the guard.
      this.checkout = setTimeout(() => {
        this.checkout = undefined;
        this.snapshot();
      }, 0);
    }
  }

  /** Completes an event and hides what is private in it; nodes and their changes have been as they were read. */
  private admit(event: Captured, node: Node | undefined): boolean {
    const { privacy } = this.context;
    const { type, data } = event;
    if (type === META) {
      data.href = safeAddress(data.href!);
    } else if (type === INCREMENTAL) {
      if (!hidePrivate(data, node, privacy)) {
        return false;
      }
      if (STYLE_SOURCES.has(data.source)) {
        admitSheetChange(event, node);
      }
      nameAct(event, node, privacy);
    }
    return true;
  }

  private isCheckoutDue(now: number): boolean {
    return this.lastSnapshot > 0 && !this.checkout && now - this.lastSnapshot > this.checkoutMs();
  }

  private guard(run: () => void): void {
    this.context.failures.guard('dom', run, undefined);
  }
}

/** A part of the recorder that also runs in frames, before their own scripts. */
function inFrames(
  context: CaptureContext, name: string, capture: (context: CaptureContext, win: Window & typeof globalThis) => Stop,
): RecordPlugin {
  return {
    name,
    observer: (_, win) => (win === window ? () => undefined : capture(context, win as Window & typeof globalThis)),
    options: undefined,
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
