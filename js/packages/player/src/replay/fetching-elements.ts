import { visitNodes } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { NOWHERE } from './adapt-css.ts';
import { FETCHES_HREF, HREFS } from './sanitize-event.ts';

/** Knows the elements that fetch what their `href` names: the place of a held address would make them fetch the page itself. */
export class FetchingElements {
  private readonly ids = new Set<number>();

  /** Takes the place out of changes of these elements, in place. */
  admit(event: DomEvent): void {
    visitNodes(event, (attributes, id, node) => {
      if (node) {
        if (FETCHES_HREF.has(String(node.tagName).toLowerCase())) {
          this.ids.add(id);
        } else {
          this.ids.delete(id);
        }
      } else if (this.ids.has(id)) {
        for (const name of Object.keys(attributes)) {
          if (HREFS.has(name.toLowerCase()) && attributes[name] === NOWHERE) {
            attributes[name] = null;
          }
        }
      }
    });
  }
}
