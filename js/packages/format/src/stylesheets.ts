/** How a stylesheet that was taken out of an event is named in its place: this, then the SHA-256 of its text in hex. */
export const ASSET_PREFIX = 'sr-asset:';

interface SerializedNode {
  attributes?: Record<string, unknown>;
  childNodes?: SerializedNode[];
}

interface DomEvent {
  type: number;
  data?: { node?: SerializedNode; source?: number; adds?: { node: SerializedNode }[]; attributes?: { attributes: Record<string, unknown> }[] };
}

/** Calls back for every attribute bag that may hold the text of a stylesheet (`_cssText`): in full snapshots, added nodes and changed attributes. */
export function visitStylesheets(event: unknown, visit: (attributes: Record<string, unknown>) => void): void {
  const { type, data } = event as DomEvent;
  const roots: SerializedNode[] = [];
  if (type === 2 && data?.node) {
    roots.push(data.node);
  } else if (type === 3 && data?.source === 0) {
    for (const add of data.adds ?? []) {
      roots.push(add.node);
    }
    for (const change of data.attributes ?? []) {
      if (typeof change.attributes['_cssText'] === 'string') {
        visit(change.attributes);
      }
    }
  }
  // A page may nest deeper than the call stack allows: walked with a stack of our own.
  while (roots.length > 0) {
    const node = roots.pop()!;
    if (typeof node.attributes?.['_cssText'] === 'string') {
      visit(node.attributes);
    }
    if (node.childNodes) {
      for (const child of node.childNodes) {
        roots.push(child);
      }
    }
  }
}
