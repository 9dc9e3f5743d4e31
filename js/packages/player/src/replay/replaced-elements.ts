import type { Replayer } from '@rrweb/replay';
import { BOX, INCREMENTAL, LEFT_OUT, MISSING, MUTATION, PRIVATE, visitNodes, WHY } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { MAX_SIDE } from '../data/values.ts';
import { afterEvents } from './after-events.ts';
import { isPlaceholder, placeholderFor } from './placeholder.ts';

/** More elements than this are left to the page's own styles. */
const MAX_ELEMENTS = 20_000;
/** An address that gives no image: a browser shows the text in its place, as it did in the page. */
const BROKEN = 'data:,';
/** Sizes that differ by less are the same. */
const TOLERANCE_PX = 0.5;
/** The attribute in which an element names its image. */
const SOURCE: ReadonlyMap<string, string> = new Map([['img', 'src'], ['input', 'src'], ['image', 'href'], ['video', 'poster']]);

const REPLACED = new Set([...SOURCE.keys(), 'audio', 'canvas', 'iframe', 'object']);

/** The properties by which an element is kept at its size. */
const PINS = ['width', 'height', 'display', 'box-sizing', 'vertical-align'];

type Styled = HTMLElement | SVGElement;

interface Box {
  element: Styled;
  width: number;
  height: number;
}

/**
 * Keeps images, canvases, videos, embeds and what is left out at the size that they had, whether or not the recording holds what they
 * showed, and puts something in its place that says what it was.
 */
export class ReplacedElements {
  private readonly ids = new Set<number>();
  private readonly pinned = new WeakMap<Element, string>();
  private replayer: Replayer | undefined;

  /** Notes the elements whose size an event contains. */
  note(event: DomEvent): void {
    visitNodes(event, (attributes, id) => {
      if ((typeof attributes[BOX] === 'string' || attributes[WHY] === MISSING) && this.ids.size < MAX_ELEMENTS) {
        this.ids.add(id);
      }
    });
  }

  /** Follows a replayer: after a seek at once, while it plays once a frame. */
  attach(replayer: Replayer): void {
    this.replayer = replayer;
    afterEvents(replayer, (event) => event.type === INCREMENTAL && event.data['source'] === MUTATION, () => this.fit());
  }

  private fit(): void {
    const boxes = this.boxes();
    for (const box of boxes) {
      const { element } = box;
      // What was pinned to another size, or lost the pin with its style attribute, is laid out by the page first.
      if (this.pinned.get(element) !== element.getAttribute(BOX) || element.style.getPropertyPriority('width') !== 'important') {
        this.unpin(element);
      }
      this.fill(box);
    }
    const open = boxes.filter(({ element }) => !this.pinned.has(element)).map((box) => ({ box, style: getStyle(box.element) }));
    const wrong = open
      .filter(({ box, style }) => !isAsRecorded(box, style))
      .map(({ box, style }) => ({ ...box, isInline: style.display === 'inline' }));
    wrong.forEach((box) => this.pin(box));
  }

  private boxes(): Box[] {
    const mirror = this.replayer!.getMirror();
    return [...this.ids].flatMap((id) => {
      const element = mirror.getNode(id) as Styled | null;
      if (element?.nodeType === 1 && element.localName === 'img' && element.getAttribute(WHY) === MISSING) {
        this.unpin(element);
        element.setAttribute('src', BROKEN);
        return [];
      }
      const [width, height] = (element?.nodeType === 1 ? (element.getAttribute(BOX) ?? '') : '').split(' ').map(Number);
      return element?.isConnected && isSide(width) && isSide(height) ? [{ element, width, height }] : [];
    });
  }

  private pin({ element, width, height, isInline }: Box & { isInline: boolean }): void {
    element.style.setProperty('width', `${width}px`, 'important');
    element.style.setProperty('height', `${height}px`, 'important');
    if (element.getAttribute(WHY) === LEFT_OUT) {
      element.style.setProperty('box-sizing', 'border-box', 'important');
    }
    if (isInline && !REPLACED.has(element.localName)) {
      // An inline box adds nothing to the height of its line.
      element.style.setProperty('vertical-align', 'top', 'important');
    }
    if (isInline && (!REPLACED.has(element.localName) || element.localName === 'canvas' || element.localName === 'object')) {
      element.style.setProperty('display', 'inline-block', 'important');
    }
    this.pinned.set(element, element.getAttribute(BOX)!);
  }

  private unpin(element: Styled): void {
    if (this.pinned.delete(element)) {
      PINS.filter((name) => element.style.getPropertyPriority(name) === 'important').forEach((name) => element.style.removeProperty(name));
    }
  }

  private fill({ element, width, height }: Box): void {
    const tag = element.localName;
    const isLeftOut = element.getAttribute(WHY) === LEFT_OUT;
    const source = SOURCE.get(tag);
    if (source) {
      const address = element.getAttribute(source) ?? '';
      if (isEmpty(element)) {
        element.removeAttribute(source);
      } else if (!/^(data|blob):/i.test(address) || isPlaceholder(address)) {
        element.setAttribute(source, placeholderFor(element, width, height));
      }
    } else if (isLeftOut || tag === 'canvas' || tag === 'object' || (tag === 'iframe' && !this.isShown(element as HTMLIFrameElement))) {
      element.style.setProperty('background-image', `url("${placeholderFor(element, width, height)}")`, 'important');
    } else if (tag === 'iframe') {
      element.style.removeProperty('background-image');
    }
  }

  private isShown(frame: HTMLIFrameElement): boolean {
    return frame.contentDocument !== null && this.replayer!.getMirror().getId(frame.contentDocument) > 0;
  }
}

function getStyle(element: Element): CSSStyleDeclaration {
  return element.ownerDocument.defaultView!.getComputedStyle(element);
}

function isAsRecorded({ element, width, height }: Box, style: CSSStyleDeclaration): boolean {
  // Of what is not shown nothing can be said.
  if (style.display === 'none') {
    return true;
  }
  const rect = element.getBoundingClientRect();
  const isWhole = element.getAttribute(WHY) === LEFT_OUT;
  const side = (computed: string, laidOut: number): number => (computed.endsWith('px') && !isWhole ? parseFloat(computed) : laidOut);
  return (
    Math.abs(side(style.width, rect.width) - width) < TOLERANCE_PX && Math.abs(side(style.height, rect.height) - height) < TOLERANCE_PX
  );
}

function isSide(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= MAX_SIDE;
}

/** Whether the page named no image: a browser shows nothing for it. A reason may be that of an image which the page had named before. */
function isEmpty(element: Element): boolean {
  const why = element.getAttribute(WHY);
  const names = ['src', 'srcset', 'data-sr-src', 'data-sr-srcset'];
  return element.localName === 'img' && element.parentElement?.localName !== 'picture' && why !== LEFT_OUT && why !== PRIVATE
    && names.every((name) => !element.hasAttribute(name) || isPlaceholder(element.getAttribute(name)!));
}
