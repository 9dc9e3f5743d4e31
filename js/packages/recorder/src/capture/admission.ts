import type { SerializedNode } from '@session-replay/format';
import { isSecretField, maskText, type Privacy } from '../masking.ts';
import { absolutifyCss, resolveStyles } from '../rrweb/css-events.ts';
import { SVG } from '../rrweb/names.ts';
import { hideAttributes } from './private-attributes.ts';
import { isChosen } from './private-content.ts';
import type { Root } from './roots.ts';
import { Surroundings, type Facts } from './surroundings.ts';

/** Adds to the attributes of an element what rrweb does not record. A change of attributes comes without a node. */
export type Visit = (attributes: Record<string, unknown>, element: Element, node: SerializedNode | undefined, isSnapshot: boolean) => void;

/** Elements of which more is recorded than their attributes. */
const SPECIAL = new Set([
  'html', 'link', 'style', 'option', 'input', 'textarea', 'img', 'canvas', 'video', 'audio', 'embed', 'object', 'applet', 'iframe', 'image',
  'fencedframe', 'portal',
]);

/**
 * Decides what of a page is recorded, and in which form, while rrweb reads it: no event is walked again afterwards. rrweb by itself looks
 * for private and left-out elements within one tree, and not through shadow roots and frames.
 */
export class Admission {
  private surroundings: Surroundings | undefined;

  /**
   * @param maskInput Decides over a field's value.
   * @param onRoot Is called for each document and shadow root that comes into the recording; for some more than once.
   * @param countNodes Gives about how many nodes the page has.
   */
  constructor(
    readonly privacy: Privacy,
    readonly maskInput: (text: string, field: Element) => string,
    readonly onRoot: (root: Root) => void,
    private readonly visits: readonly Visit[],
    private readonly countNodes: () => number,
  ) {}

  /** What holds for a node now. */
  about(node: Node | null): Facts {
    return (this.surroundings ?? this.look()).of(node);
  }

  /** What holds for an element in what has these facts. */
  within(facts: Facts, element: Element): Facts {
    return (this.surroundings ?? this.look()).within(facts, element);
  }

  /** Runs something during which the page does not change: what holds for an element is looked at once. */
  atOnce<T>(run: () => T): T {
    const before = this.surroundings;
    this.surroundings = this.look();
    try {
      return run();
    } finally {
      this.surroundings = before;
    }
  }

  private look(): Surroundings {
    return new Surroundings(this.privacy, this.countNodes);
  }

  /** Completes an element that was read, and hides what is private of it. */
  element(element: Element, node: SerializedNode, isPrivate: boolean, isSnapshot: boolean): void {
    const attributes = node.attributes!;
    if (element.prefix) {
      // rrweb knows elements by their name in HTML.
      node.tagName = element.localName;
      if (element.namespaceURI === SVG) {
        node.isSVG = true;
      }
    }
    const tag = node.tagName!;
    hideAttributes(element, attributes, isPrivate, this.privacy);
    if (!SPECIAL.has(tag) && !('rr_width' in attributes)) {
      return;
    }
    if (tag === 'option' && !isPrivate && isChosen(element as HTMLOptionElement, this.privacy)) {
      attributes['selected'] = true;
    } else if (tag === 'input' || tag === 'textarea') {
      isSecretField(element);
      hideDefault(element as HTMLInputElement, node);
    }
    this.visits.forEach((visit) => visit(attributes, element, node, isSnapshot));
  }

  /** Completes attributes that have changed, in place. Gives false when nothing of them is recorded. */
  change(element: Element, attributes: Record<string, unknown>): boolean {
    const { isBlocked, isMasked } = this.about(element);
    hideAttributes(element, attributes, isMasked, this.privacy);
    if (isBlocked || Object.keys(attributes).length === 0) {
      return false;
    }
    this.visits.forEach((visit) => visit(attributes, element, undefined, false));
    if (typeof attributes['style'] === 'object') {
      resolveStyles(element, attributes);
    }
    return true;
  }

  /** Gives a text that has changed as it is recorded; nothing when it is not. */
  text(node: Node, value: string | null): { value: string | null; isStyle?: true } | undefined {
    const { isBlocked, isMasked } = this.about(node);
    if (isBlocked) {
      return undefined;
    }
    const parent = node.parentElement;
    const isStyle = parent?.localName === 'style';
    // Styles are hidden where they stand in what is private, and not by what is around their frame or shadow root.
    const isHidden = isStyle ? parent!.closest(this.privacy.mask) !== null : isMasked;
    const shown = isHidden && value ? maskText(value) : value;
    return isStyle ? { value: absolutifyCss(node, shown), isStyle: true } : { value: shown };
  }
}

let current: Admission;

/** Sets what decides over the page; rrweb records one page at a time. */
export function setAdmission(admission: Admission): void {
  current = admission;
}

/** What decides over the page. */
export function admission(): Admission {
  return current;
}

/** rrweb masks the value that is shown, and for an empty one leaves the attribute as it stands in the page. */
function hideDefault(field: HTMLInputElement, node: SerializedNode): void {
  if (field.type !== 'checkbox' && field.type !== 'radio' && field.value === '') {
    delete node.attributes!['value'];
  }
}
