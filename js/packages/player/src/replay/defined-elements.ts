import { CUSTOM_ELEMENT, INCREMENTAL, MUTATION, visitNodes } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { UNDEFINED } from './adapt-css.ts';

/** Names with a dash that are not custom elements, as the HTML Standard lists them. */
const RESERVED = new Set([
  'annotation-xml', 'color-profile', 'font-face', 'font-face-src', 'font-face-uri', 'font-face-format', 'font-face-name', 'missing-glyph',
]);

/** Marks custom elements that the page has not defined yet, since a replay defines none: `:defined` matches by this mark. */
export class DefinedElements {
  /** Elements with the mark, by name. */
  private readonly marked = new Map<string, Set<number>>();

  /** Marks elements in an event, in place; turns a definition into the change that removes the mark. */
  admit(event: DomEvent): void {
    if (event.type === INCREMENTAL && event.data['source'] === CUSTOM_ELEMENT) {
      const name = (event.data['define'] as { name: string }).name;
      const attributes = [...this.marked.get(name) ?? []].map((id) => ({ id, attributes: { [UNDEFINED]: null } }));
      this.marked.delete(name);
      event.data = { source: MUTATION, adds: [], removes: [], texts: [], attributes };
      return;
    }
    visitNodes(event, (attributes, id, node) => {
      const name = node?.tagName?.toLowerCase() ?? '';
      if (name.includes('-') && !RESERVED.has(name) && !node!.isCustom) {
        attributes[UNDEFINED] = '';
        this.marked.set(name, (this.marked.get(name) ?? new Set()).add(id));
      }
    });
  }
}
