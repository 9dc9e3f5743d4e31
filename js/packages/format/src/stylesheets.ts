import { visitNodes } from './nodes.ts';

/** How an asset that was taken out of an event is named in its place: this, then the SHA-256 of its bytes in hex. */
export const ASSET_PREFIX = 'sr-asset:';

/**
 * Calls back for every attribute bag that may hold the text of a stylesheet (`_cssText`): in full snapshots, added nodes and changed
 * attributes.
 */
export function visitStylesheets(event: unknown, visit: (attributes: Record<string, unknown>) => void): void {
  visitNodes(event, (attributes) => {
    if (typeof attributes['_cssText'] === 'string') {
      visit(attributes);
    }
  });
}
