import { visitNodes } from './nodes.ts';
import { MISSING, PENDING, PRIVATE, WHY } from './replaced.ts';

/** Where an event names something that the browser fetches: an address, or CSS with addresses in it. */
export interface AssetSlot {
  kind: 'url' | 'css';
  holder: Record<string, unknown>;
  key: string;
}

/** The attribute by which an element shows an image. */
const IMAGE_ATTRIBUTES: ReadonlyMap<string, string[]> = new Map([
  ['img', ['src']], ['input', ['src']], ['video', ['poster']], ['image', ['href', 'xlink:href']],
]);
/** A changed attribute does not come with its element's name. */
const CHANGED = ['src', 'poster'];

/** Calls back for every place in a DOM event that names an image or holds CSS: in full snapshots, added nodes and changed attributes, and not where it is private. */
export function visitAssetSlots(event: unknown, visit: (slot: AssetSlot) => void): void {
  visitNodes(event, (attributes, _, node) => {
    visitText(attributes, '_cssText', 'css', visit);
    if (attributes[WHY] === PRIVATE) {
      return;
    }
    for (const key of attributes[WHY] === PENDING || attributes[WHY] === MISSING ? [] : node ? (IMAGE_ATTRIBUTES.get(String(node.tagName).toLowerCase()) ?? []) : CHANGED) {
      visitText(attributes, key, 'url', visit);
    }
    visitText(attributes, 'style', 'css', visit);
    const style = attributes['style'];
    if (typeof style === 'object' && style !== null) {
      for (const key of Object.keys(style)) {
        visitText(style as Record<string, unknown>, key, 'css', visit);
      }
    }
  });
}

function visitText(holder: Record<string, unknown>, key: string, kind: AssetSlot['kind'], visit: (slot: AssetSlot) => void): void {
  if (typeof holder[key] === 'string') {
    visit({ kind, holder, key });
  }
}
