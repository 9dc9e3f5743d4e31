import { visitNodes } from './nodes.ts';
import { MISSING, PENDING, PRIVATE, WHY } from './replaced.ts';
import { ADOPTED_STYLE_SHEET, CUSTOM, INCREMENTAL, MUTATION, STYLE_DECLARATION, STYLE_SHEET_RULE } from './rrweb.ts';
import { objectsOf, type Fields } from './values.ts';

/**
 * The tag of the custom event that names files which loaded after the CSS with their addresses was sent. The page records it empty, because
 * it does not know which addresses are private; the worker, which has seen what was sent, fills it.
 */
export const LOADED_FILES = 'loaded-files';

/** Returns whether an event of the recording is a {@link LOADED_FILES} event. Its payload has not been checked. */
export function isLoadedFiles({ type, data }: { type: number; data?: unknown }): boolean {
  return type === CUSTOM && (data as Fields | undefined)?.['tag'] === LOADED_FILES;
}

/** A file of a {@link LOADED_FILES} event: its address as CSS has it, and the name of the stored asset. */
export interface LoadedFile {
  url: string;
  src: string;
}

/**
 * A place in an event that names what the browser fetches: the address of an image, CSS with addresses in it, or a file of a {@link
 * LOADED_FILES} event.
 */
export interface AssetSlot {
  kind: 'url' | 'css' | 'file';
  holder: Record<string, unknown>;
  key: string;
}

/** The attribute by which an element shows an image. */
const IMAGE_ATTRIBUTES: ReadonlyMap<string, string[]> = new Map([
  ['img', ['src']], ['input', ['src']], ['video', ['poster']], ['image', ['href', 'xlink:href']], ['use', ['href', 'xlink:href']],
]);
/** A changed attribute does not come with its element's name. */
const CHANGED = ['src', 'poster'];

/** Calls back for every place in a DOM event that names an image that was shown or holds CSS, but for those that are private. */
export function visitAssetSlots(event: unknown, visit: (slot: AssetSlot) => void): void {
  const recorded = event as { type: number; data?: Fields };
  const { type, data } = recorded;
  if (type === INCREMENTAL && data) {
    visitChange(data, visit);
  } else if (isLoadedFiles(recorded)) {
    objectsOf((data!['payload'] as Fields | undefined)?.['files']).forEach((file) => visitText(file, 'src', 'file', visit));
  }
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
        const value = (style as Fields)[key];
        // A value is a text, or a text and its priority.
        visitText(Array.isArray(value) ? (value as unknown as Fields) : (style as Fields), Array.isArray(value) ? '0' : key, 'css', visit);
      }
    }
  });
}

/** A change of a stylesheet, or of a text that is marked as one: of any form, because a recording is not trusted. */
function visitChange(data: Fields, visit: (slot: AssetSlot) => void): void {
  const isStyle = (node: Fields): boolean => Boolean(node['isStyle']);
  switch (data['source']) {
    case MUTATION:
      objectsOf(data['texts'])
        .filter(isStyle)
        .forEach((text) => visitText(text, 'value', 'css', visit));
      objectsOf(objectsOf(data['adds']).map((add) => add['node']))
        .filter(isStyle)
        .forEach((node) => visitText(node, 'textContent', 'css', visit));
      break;
    case STYLE_SHEET_RULE:
      objectsOf(data['adds']).forEach((add) => visitText(add, 'rule', 'css', visit));
      visitText(data, 'replace', 'css', visit);
      visitText(data, 'replaceSync', 'css', visit);
      break;
    case STYLE_DECLARATION:
      objectsOf([data['set']]).forEach((set) => visitText(set, 'value', 'css', visit));
      break;
    case ADOPTED_STYLE_SHEET:
      objectsOf(data['styles']).flatMap((style) => objectsOf(style['rules'])).forEach((rule) => visitText(rule, 'rule', 'css', visit));
      break;
  }
}

function visitText(holder: Fields, key: string, kind: AssetSlot['kind'], visit: (slot: AssetSlot) => void): void {
  if (typeof holder[key] === 'string') {
    visit({ kind, holder, key });
  }
}
