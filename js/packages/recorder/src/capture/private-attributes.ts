import { record } from '@rrweb/record';
import { visitNodes, type SerializedNode } from '@session-replay/format';
import { maskText } from '../masking.ts';

/** Attributes that say in words what an element shows. */
const WORDS = ['title', 'alt', 'placeholder', 'aria-label', 'aria-description', 'aria-valuetext', 'label'];

/**
 * Does what rrweb leaves undone, in place: masks the words in attributes of private elements, and drops the default values of fields that
 * are shown empty (rrweb masks the value that is shown, and for an empty one leaves the attribute as it stands in the page).
 */
export function hidePrivateAttributes(event: object, selector: string): void {
  visitNodes(event, (attributes, id, node) => {
    for (const name of WORDS) {
      const value = attributes[name];
      if (typeof value === 'string' && value && element(id)?.closest(selector)) {
        attributes[name] = maskText(value);
      }
    }
    if (node?.tagName === 'input' || node?.tagName === 'textarea') {
      hideDefault(node, attributes);
    }
  });
}

function hideDefault(node: SerializedNode, attributes: Record<string, unknown>): void {
  const field = element(node.id) as HTMLInputElement | undefined;
  const isChoice = field?.type === 'checkbox' || field?.type === 'radio';
  if (field && !isChoice && field.value === '') {
    delete attributes['value'];
    node.childNodes = [];
  }
}

function element(id: number): Element | undefined {
  const node = record.mirror.getNode(id);
  // By its type and not its class: an element of a frame has that of another realm.
  return node?.nodeType === 1 ? (node as Element) : undefined;
}
