import { record } from '@rrweb/record';
import type { SerializedNode } from '@session-replay/format';
import { FULL_SNAPSHOT, INCREMENTAL, INPUT, MEDIA_INTERACTION, MUTATION, STYLE_SOURCES, TEXT_NODE } from '@session-replay/format';
import { isSecretField, maskText, type Privacy } from '../masking.ts';
import { SVG } from '../rrweb/names.ts';
import { asElement, closestComposed } from './composed.ts';
import { hideAttributes } from './private-attributes.ts';
import { Surroundings, type Facts } from './surroundings.ts';

/** Changes of stylesheets, which name the node that they are of. */
const OF_A_NODE = new Set<unknown>([INPUT, MEDIA_INTERACTION, ...STYLE_SOURCES]);

interface DomEvent {
  type: number;
  data: {
    source?: number;
    id?: number;
    node?: SerializedNode;
    text?: string;
    isChecked?: boolean;
    indeterminate?: true;
    chosen?: number[];
    adds?: { parentId: number; node: SerializedNode }[];
    texts?: { id: number; value: string | null }[];
    attributes?: { id: number; attributes: Record<string, unknown> }[];
    removes?: unknown[];
  };
}

/**
 * Does what rrweb leaves undone, in place: it looks for private and left-out elements within one tree, and not through shadow roots and
 * frames; for changed texts and attributes not at all at what they are in when that was marked later. Gives false when nothing of the event
 * is left.
 */
export function hidePrivate(event: object, privacy: Privacy): boolean {
  const { type, data } = event as DomEvent;
  if (type === FULL_SNAPSHOT && data.node) {
    hideTree(data.node, false, privacy);
  } else if (type === INCREMENTAL && data.source === MUTATION) {
    return hideChanges(data, privacy);
  } else if (type === INCREMENTAL && OF_A_NODE.has(data.source!) && typeof data.id === 'number') {
    const node = record.mirror.getNode(data.id);
    // Also a field that a library makes to try something out, and never puts into the page.
    if (!node || closestComposed(node, privacy.block)) {
      return false;
    }
    if (data.chosen && !isListShown(node as Element, privacy)) {
      delete data.chosen;
    }
    if (data.source === INPUT && typeof data.text === 'string' && isMasked(node, privacy)) {
      data.text = maskText(data.text);
      data.isChecked = false;
      delete data.indeterminate;
      delete data.chosen;
    }
  }
  return true;
}

/** What is in no tree any more is taken to be private. */
export function isMasked(node: Node | null, { mask }: Privacy): boolean {
  return !node || closestComposed(node, mask) !== undefined || (node.ownerDocument ?? (node as Document)).designMode === 'on';
}

function hideChanges(data: DomEvent['data'], privacy: Privacy): boolean {
  const surroundings = new Surroundings(privacy);
  const known = new Map<number, Facts>();
  const about = (id: number): Facts => {
    let facts = known.get(id);
    if (!facts) {
      known.set(id, facts = surroundings.of(record.mirror.getNode(id)));
    }
    return facts;
  };
  data.adds = data.adds?.filter(({ parentId, node }) => {
    // The text of a script, which itself is left out.
    if (parentId <= 0) {
      return false;
    }
    const parent = about(parentId);
    if (!parent.isBlocked) {
      hideTree(node, parent.isMasked, privacy);
    }
    return !parent.isBlocked;
  });
  data.texts = data.texts?.filter((text) => {
    const facts = about(text.id);
    if (facts.isMasked && text.value && asElement(record.mirror.getNode(text.id))?.localName !== 'style') {
      text.value = maskText(text.value);
    }
    return !facts.isBlocked;
  });
  data.attributes = data.attributes?.filter(({ id, attributes }) => {
    const facts = about(id);
    const element = asElement(record.mirror.getNode(id));
    if (element) {
      hideAttributes(element, attributes, facts.isMasked, privacy);
    }
    return !facts.isBlocked && Object.keys(attributes).length > 0;
  });
  return [data.adds, data.texts, data.attributes, data.removes].some((changes) => changes && changes.length > 0);
}

/** A page may nest deeper than the call stack allows: walked with its own stack. */
function hideTree(root: SerializedNode, isInherited: boolean, privacy: Privacy): void {
  const open: [node: SerializedNode, isPrivate: boolean, parent: string | undefined][] = [[root, isInherited, undefined]];
  while (open.length > 0) {
    const [node, isAbove, parent] = open.pop()!;
    let isPrivate = isAbove;
    if (node.type === TEXT_NODE) {
      if (isPrivate && node.textContent && (parent ?? asElement(record.mirror.getNode(node.id))?.localName) !== 'style') {
        node.textContent = maskText(node.textContent);
      }
      continue;
    }
    const real = record.mirror.getNode(node.id);
    if (real?.nodeType === 9) {
      isPrivate ||= (real as Document).designMode === 'on';
    } else if (real?.nodeType === 1 && node.attributes) {
      const element = real as Element;
      if (element.prefix) {
        // rrweb knows elements by their name in HTML.
        node.tagName = element.localName;
        if (element.namespaceURI === SVG) {
          node.isSVG = true;
        }
      }
      isPrivate ||= element.matches(privacy.mask);
      hideAttributes(element, node.attributes, isPrivate, privacy);
      if (node.tagName === 'option' && !isPrivate && isChosen(element as HTMLOptionElement, privacy)) {
        node.attributes['selected'] = true;
      }
      if (node.tagName === 'input' || node.tagName === 'textarea') {
        isSecretField(element);
        hideDefault(element as HTMLInputElement, node);
      }
    }
    for (const child of node.childNodes ?? []) {
      open.push([child, isPrivate, node.tagName]);
    }
  }
}

/** rrweb leaves out what is chosen in every list, as all fields are masked for it. */
function isChosen(option: HTMLOptionElement, privacy: Privacy): boolean {
  const list = option.closest('select');
  return option.selected && list !== null && isListShown(list, privacy);
}

function isListShown(list: Element, { unmask }: Privacy): boolean {
  return unmask !== undefined && list.matches(unmask) && !isSecretField(list);
}

/** rrweb masks the value that is shown, and for an empty one leaves the attribute as it stands in the page. */
function hideDefault(field: HTMLInputElement, node: SerializedNode): void {
  if (field.type !== 'checkbox' && field.type !== 'radio' && field.value === '') {
    delete node.attributes!['value'];
    node.childNodes = [];
  }
}
