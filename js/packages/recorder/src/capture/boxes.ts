import { record } from '@rrweb/record';
import { BOX, LEFT_OUT, MISSING, PENDING, PRIVATE, WHY } from '@session-replay/format';
import { listen } from '../listen.ts';
import type { Visit } from './admission.ts';
import type { CaptureContext } from './capture.ts';
import { closestComposed } from './composed.ts';
import { isBroken, measure } from './measure.ts';
import { emitAttributes } from './own-events.ts';
import { isMasked } from './private-content.ts';

/** Elements whose size depends on something that a recording may not hold. */
const REPLACED = new Set([
  'img', 'canvas', 'video', 'audio', 'embed', 'object', 'applet', 'iframe', 'image', 'input', 'fencedframe', 'portal',
]);
/** Where elements name the image that they show. */
const SOURCE: ReadonlyMap<string, string> = new Map([['img', 'src'], ['input', 'src'], ['image', 'href']]);
/** What of an element's own style decides where it lies, and nothing of what it shows. */
const LAYOUT =
  /^(display|position|float|clear|order|top|right|bottom|left|z-index|vertical-align|(margin|flex|grid|align|justify)-[a-z-]+)$/;
/** A size that changes in every frame is recorded this often. */
const EMIT_MS = 100;

type Attributes = Record<string, unknown>;

/**
 * Records the sizes of replaced elements and of what is left out, and which of its sources an image shows. Sizes come from ResizeObserver,
 * so that no layout is forced; a full snapshot has just caused one and measures at once.
 */
export class Boxes {
  private readonly known = new WeakMap<Element, string>();
  private readonly shown = new WeakMap<Element, string>();
  private readonly observers = new WeakMap<Window, ResizeObserver>();
  private readonly watched = new WeakSet<Element>();
  private changes = new Map<Element, Attributes>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = 0;
  private stopped = false;

  constructor(private readonly context: CaptureContext) {}

  /** Adds what is known of an element that is recorded, and watches it if it is new. */
  readonly visit: Visit = (attributes, element, node, isSnapshot) => {
    if (node) {
      if (REPLACED.has(node.tagName!) || 'rr_width' in attributes) {
        this.guard(() => this.admitNode(element, attributes, isSnapshot));
      }
    } else if (('src' in attributes || 'srcset' in attributes) && element.localName === 'img') {
      // Its load is recorded when it comes, also of an image that was shown before.
      this.shown.delete(element);
      attributes[WHY] ??= PENDING;
    }
  };

  stop(): void {
    this.stopped = true;
    this.changes.clear();
    clearTimeout(this.timer);
  }

  private admitNode(element: Element, attributes: Attributes, isLaidOut: boolean): void {
    const isLeftOut = 'rr_width' in attributes;
    if (!isLeftOut && !isReplaced(element)) {
      return;
    }
    const box = isLaidOut || isLeftOut ? measure(element, isLeftOut) : this.known.get(element);
    if (box) {
      this.known.set(element, box);
      attributes[BOX] = box;
    }
    this.watch(element);
    if (isLeftOut) {
      delete attributes['rr_width'];
      delete attributes['rr_height'];
      attributes[WHY] = LEFT_OUT;
      attributes['style'] = layoutOf(element);
    } else {
      this.admitSource(element, attributes);
    }
  }

  private admitSource(element: Element, attributes: Attributes): void {
    const address = addressOf(element);
    if (isBroken(element)) {
      attributes[WHY] ??= MISSING;
    } else if (address) {
      this.shown.set(element, address);
      attributes[SOURCE.get(element.localName)!] = address;
    } else if (element.localName === 'img') {
      attributes[WHY] ??= PENDING;
    }
  }

  private watch(element: Element): void {
    if (this.watched.has(element)) {
      return;
    }
    this.watched.add(element);
    this.observerOf(element)?.observe(element);
    if (SOURCE.has(element.localName)) {
      listen(element, 'load', this.onLoad);
      listen(element, 'error', this.onError);
    }
  }

  /** An observer of the element's own window: another's would keep a frame that has gone. */
  private observerOf(element: Element): ResizeObserver | undefined {
    const view = element.ownerDocument.defaultView as (Window & { ResizeObserver?: typeof ResizeObserver }) | null;
    if (view && !this.observers.has(view) && view.ResizeObserver) {
      this.observers.set(
        view,
        new view.ResizeObserver((entries) => this.guard(() => entries.forEach(({ target }) => this.resized(target)))),
      );
    }
    return view ? this.observers.get(view) : undefined;
  }

  private resized(element: Element): void {
    if (!element.isConnected) {
      this.observerOf(element)?.unobserve(element);
      this.watched.delete(element);
      return;
    }
    if (this.shown.has(element) && isBroken(element)) {
      // A source that the browser chose for a new size of the window fails without an event.
      this.fail(element);
      return;
    }
    const box = measure(element, element.matches(this.context.privacy.block));
    if (box && box !== this.known.get(element)) {
      this.known.set(element, box);
      this.change(element, { [BOX]: box });
    }
  }

  private readonly onLoad = (event: Event): void => this.guard(() => {
    const element = event.currentTarget as Element;
    const address = addressOf(element);
    if (address && address !== this.shown.get(element)) {
      this.shown.set(element, address);
      this.change(element, { [SOURCE.get(element.localName)!]: address, [WHY]: null });
    }
  });

  private readonly onError = (event: Event): void => this.guard(() => this.fail(event.currentTarget as Element));

  private fail(element: Element): void {
    this.shown.delete(element);
    this.known.delete(element);
    this.change(element, { [BOX]: null, [WHY]: MISSING });
  }

  private change(element: Element, attributes: Attributes): void {
    if (!this.stopped) {
      this.changes.set(element, { ...this.changes.get(element), ...attributes });
      this.timer ??= setTimeout(() => this.guard(() => this.flush()), Math.max(0, this.last + EMIT_MS - this.context.now()));
    }
  }

  private flush(): void {
    this.timer = undefined;
    this.last = this.context.now();
    const attributes = [...this.changes].flatMap(([element, of]) => this.describe(element, of));
    this.changes = new Map();
    if (attributes.length > 0) {
      emitAttributes(this.context, this.last, attributes);
    }
  }

  private describe(element: Element, attributes: Attributes): object[] {
    const { privacy } = this.context;
    const id = record.mirror.getId(element);
    const leftOut = closestComposed(element, privacy.block);
    if (id < 1 || (leftOut && leftOut !== element)) {
      return [];
    }
    return [
      {
        id,
        attributes: leftOut ? { [BOX]: attributes[BOX] } : isMasked(element, privacy) ? { ...attributes, [WHY]: PRIVATE } : attributes,
      },
    ];
  }

  private guard(run: () => void): void {
    this.context.failures.guard('boxes', run, undefined);
  }
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
  if (element.localName === 'input') {
    return (element as HTMLInputElement).src || undefined;
  }
  const address = element.localName === 'image' ? (element as SVGImageElement).href.baseVal : '';
  return address && URL.canParse(address, element.baseURI) ? new URL(address, element.baseURI).href : undefined;
}

function layoutOf(element: Element): string {
  const { style } = element as HTMLElement;
  return Array.from(style ?? []).filter((name) => LAYOUT.test(name) && !/[("]/.test(style.getPropertyValue(name)))
    .map((name) => `${name}:${style.getPropertyValue(name)}`).join(';');
}
