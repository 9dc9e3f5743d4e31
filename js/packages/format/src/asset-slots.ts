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

/** Calls back for every place in a DOM event that names an image that was shown or holds CSS, but for those that are private. */
export function visitAssetSlots(event: unknown, visit: (slot: AssetSlot) => void): void {
  visitNodes(event, (attributes, _, node) => {
    visitText(attributes, '_cssText', 'css', visit);
    if (attributes[WHY] === PRIVATE) {
      return;
    }
    const isShown = attributes[WHY] !== PENDING && attributes[WHY] !== MISSING;
    const names = node ? (IMAGE_ATTRIBUTES.get(String(node.tagName).toLowerCase()) ?? []) : CHANGED;
    names.filter(() => isShown).forEach((name) => visitText(attributes, name, 'url', visit));
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
