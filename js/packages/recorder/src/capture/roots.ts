import { record } from '@rrweb/record';
import type { SerializedNode } from '@session-replay/format';
import { DOCUMENT_NODE, FULL_SNAPSHOT, INCREMENTAL, MUTATION } from '@session-replay/format';


interface DomEvent {
  type: number;
  data: { source?: number; node?: SerializedNode; adds?: { node: SerializedNode }[] };
}

/** A document or a shadow root. */
export type Root = Document | ShadowRoot;

/** Calls `use` for each document and shadow root that a DOM event brings into the recording; for some more than once. */
export function eachRoot(event: object, use: (root: Root) => void): void {
  const { type, data } = event as DomEvent;
  if (type === FULL_SNAPSHOT && data.node) {
    eachRootOf(data.node, use);
  } else if (type === INCREMENTAL && data.source === MUTATION) {
    for (const { node } of data.adds ?? []) {
      eachRootOf(node, use);
    }
  }
}

function eachRootOf(top: SerializedNode, use: (root: Root) => void): void {
  const open = [top];
  while (open.length > 0) {
    const node = open.pop()! as SerializedNode & { isShadow?: boolean };
    if (node.type === DOCUMENT_NODE || node.isShadow) {
      const root = record.mirror.getNode(node.id)?.getRootNode();
      if (root && root.nodeType !== 1) {
        use(root as Root);
      }
    }
    for (const child of node.childNodes ?? []) {
      open.push(child);
    }
  }
}
