import { record } from '@rrweb/record';
import { BOX, LEFT_OUT, MISSING, PENDING, PRIVATE, visitNodes, WHY } from '@session-replay/format';
import type { CaptureContext, Stop } from './capture.ts';
import { closestComposed } from './composed.ts';
import { isMasked } from './private-content.ts';

/** Elements whose size depends on something that a recording may not hold. */
const REPLACED = new Set(['img', 'canvas', 'video', 'audio', 'embed', 'object', 'applet', 'iframe', 'image', 'input', 'fencedframe', 'portal']);
/** Where elements name the image that they show. */
const SOURCE: ReadonlyMap<string, string> = new Map([['img', 'src'], ['input', 'src'], ['image', 'href']]);
/** Properties of layout. */
const LAYOUT = /^(display|position|float|clear|order|top|right|bottom|left|z-index|vertical-align|(margin|flex|grid|align|justify)-[a-z-]+)$/;
/** A size that changes in every frame is recorded this often. */
const EMIT_MS = 100;

type Attributes = Record<string, unknown>;

/** Records the sizes of replaced elements and of what is left out, and which of its sources an image shows. */
export interface Boxes {
  /** Adds what is known of the elements in an event of rrweb, and watches those that are new. */
  admit: (event: object) => void;
  stop: Stop;
}

/** Sizes come from ResizeObserver, so that no layout is forced; a full snapshot has just caused one and measures at once. */
export function captureBoxes(context: CaptureContext): Boxes {
  const known = new WeakMap<Element, string>();
  const shown = new WeakMap<Element, string>();
  const observers = new WeakMap<Window, ResizeObserver>();
  const watched = new WeakSet<Element>();
  let changes = new Map<Element, Attributes>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let stopped = false;

  const flush = (): void => context.failures.guard('boxes', () => {
    timer = undefined;
    last = context.now();
    const attributes = [...changes].flatMap(([element, of]) => describe(element, of));
    changes = new Map();
    if (attributes.length > 0) {
      context.emit({ time: last, dom: { type: 3, timestamp: last, data: { source: 0, texts: [], attributes, removes: [], adds: [] } } });
    }
  }, undefined);
  const describe = (element: Element, attributes: Attributes): object[] => {
    const id = record.mirror.getId(element);
    const leftOut = closestComposed(element, context.privacy.block);
    if (id < 1 || (leftOut && leftOut !== element)) {
      return [];
    }
    return [{ id, attributes: leftOut ? { [BOX]: attributes[BOX] } : isMasked(element, context.privacy) ? { ...attributes, [WHY]: PRIVATE } : attributes }];
  };
  const change = (element: Element, attributes: Attributes): void => {
    if (!stopped) {
      changes.set(element, { ...changes.get(element), ...attributes });
      timer ??= setTimeout(flush, Math.max(0, last + EMIT_MS - context.now()));
    }
  };
  const onResize = (entries: ResizeObserverEntry[]): void => context.failures.guard('boxes', () => {
    for (const { target } of entries) {
      if (!target.isConnected) {
        observerOf(target)?.unobserve(target);
        watched.delete(target);
        continue;
      }
      const box = measure(target, target.matches(context.privacy.block));
      if (box && box !== known.get(target)) {
        known.set(target, box);
        change(target, { [BOX]: box });
      }
    }
  }, undefined);
  const onLoad = (event: Event): void => context.failures.guard('boxes', () => {
    const element = event.currentTarget as Element;
    const address = addressOf(element);
    if (address && address !== shown.get(element)) {
      shown.set(element, address);
      change(element, { [SOURCE.get(element.localName)!]: address, [WHY]: null });
    }
  }, undefined);
  const onError = (event: Event): void => context.failures.guard('boxes', () => {
    const element = event.currentTarget as Element;
    shown.delete(element);
    known.delete(element);
    change(element, { [BOX]: null, [WHY]: MISSING });
  }, undefined);
  const observerOf = (element: Element): ResizeObserver | undefined => {
    const view = element.ownerDocument.defaultView as (Window & { ResizeObserver?: typeof ResizeObserver }) | null;
    if (view && !observers.has(view) && view.ResizeObserver) {
      observers.set(view, new view.ResizeObserver(onResize));
    }
    return view ? observers.get(view) : undefined;
  };
  const watch = (element: Element): void => {
    if (!watched.has(element)) {
      watched.add(element);
      observerOf(element)?.observe(element);
      if (SOURCE.has(element.localName)) {
        element.addEventListener('load', onLoad);
        element.addEventListener('error', onError);
      }
    }
  };
  const admitNode = (element: Element, attributes: Attributes, isLaidOut: boolean): void => {
    const isLeftOut = 'rr_width' in attributes;
    if (!isLeftOut && !isReplaced(element)) {
      return;
    }
    const box = isLaidOut || isLeftOut ? measure(element, isLeftOut) : known.get(element);
    if (box) {
      known.set(element, box);
      attributes[BOX] = box;
    }
    watch(element);
    if (isLeftOut) {
      delete attributes['rr_width'];
      delete attributes['rr_height'];
      attributes[WHY] = LEFT_OUT;
      attributes['style'] = layoutOf(element);
      return;
    }
    const address = addressOf(element);
    if (isBroken(element)) {
      attributes[WHY] ??= MISSING;
    } else if (address) {
      shown.set(element, address);
      attributes[SOURCE.get(element.localName)!] = address;
    } else if (element.localName === 'img' && attributes[WHY] !== PRIVATE) {
      attributes[WHY] = PENDING;
    }
  };
  return {
    admit: (event) => context.failures.guard('boxes', () => {
      const isSnapshot = (event as { type: number }).type === 2;
      visitNodes(event, (attributes, id, node) => {
        const element = record.mirror.getNode(id) as Element | null;
        if (node && element?.nodeType === 1) {
          admitNode(element, attributes, isSnapshot);
        } else if (element?.localName === 'img' && ('src' in attributes || 'srcset' in attributes)) {
          // Its load is told when it comes, also of an image that is shown already.
          shown.delete(element);
          attributes[WHY] ??= PENDING;
        }
      });
    }, undefined),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function isReplaced(element: Element): boolean {
  return REPLACED.has(element.localName) && (element.localName !== 'input' || (element as HTMLInputElement).type === 'image');
}

/** The address of the image that an element shows; undefined for one that has not loaded. */
function addressOf(element: Element): string | undefined {
  if (element.localName === 'img') {
    const image = element as HTMLImageElement;
    return image.complete && image.naturalWidth > 0 && !image.currentSrc.startsWith('data:') ? image.currentSrc : undefined;
  }
  return element.localName === 'input' ? (element as HTMLInputElement).src || undefined
    : element.localName === 'image' ? (element as SVGImageElement).href.baseVal && new URL((element as SVGImageElement).href.baseVal, element.baseURI).href : undefined;
}

/** Tells whether an image has failed to load: it is laid out as its text is. */
function isBroken(element: Element): boolean {
  const image = element as HTMLImageElement;
  return element.localName === 'img' && image.complete && image.naturalWidth === 0 && image.currentSrc !== '';
}

/** What of an element's own style decides where it lies; nothing of what it shows. */
function layoutOf(element: Element): string {
  const { style } = element as HTMLElement;
  return Array.from(style ?? []).filter((name) => LAYOUT.test(name) && !/[("]/.test(style.getPropertyValue(name)))
    .map((name) => `${name}:${style.getPropertyValue(name)}`).join(';');
}

function round(px: number): number {
  return Math.round(px * 100) / 100;
}

/** Gives the size as CSS would have to say it; undefined for what is not laid out. */
function measure(element: Element, isLeftOut: boolean): string | undefined {
  // Asking within content that the browser skips would make it lay all of it out.
  if (element.checkVisibility?.({ contentVisibilityAuto: true }) === false) {
    return undefined;
  }
  const style = element.ownerDocument.defaultView?.getComputedStyle(element);
  if (!style || element.getClientRects().length === 0) {
    return undefined;
  }
  if ((element.localName === 'object' && style.width === 'auto') || (!isLeftOut && isBroken(element))) {
    // What it shows in place of its content is text.
    return undefined;
  }
  if (isLeftOut) {
    const { width, height } = element.getBoundingClientRect();
    return `${round(width)} ${round(height)}`;
  }
  const box = element.localName === 'image' ? (element as SVGGraphicsElement).getBBox() : element.getBoundingClientRect();
  const side = (computed: string, laidOut: number): number => round(/^[\d.]+px$/.test(computed) ? parseFloat(computed) : laidOut);
  return `${side(style.width, box.width)} ${side(style.height, box.height)}`;
}
