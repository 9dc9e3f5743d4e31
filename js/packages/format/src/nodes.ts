import { FULL_SNAPSHOT, INCREMENTAL, MUTATION } from './rrweb.ts';
/** A node as rrweb writes it. */
export interface SerializedNode {
  id: number;
  type?: number;
  tagName?: string;
  textContent?: string;
  isSVG?: boolean;
  /** A custom element that the page has defined. */
  isCustom?: boolean;
  attributes?: Record<string, unknown>;
  childNodes?: SerializedNode[];
}

interface DomEvent {
  type: number;
  data?: {
    node?: SerializedNode;
    source?: number;
    adds?: { node: SerializedNode }[];
    attributes?: { id: number; attributes: Record<string, unknown> }[];
  };
}

/** Is called for the attributes of a node; for changed attributes without the node. */
export type NodeVisitor = (attributes: Record<string, unknown>, id: number, node: SerializedNode | undefined) => void;

/** Calls back for the attributes of every node of a DOM event, in full snapshots and added nodes, and for changed attributes. */
export function visitNodes(event: unknown, visit: NodeVisitor): void {
  const { type, data } = event as DomEvent;
  const nodes: SerializedNode[] = [];
  if (type === FULL_SNAPSHOT && data?.node) {
    nodes.push(data.node);
  } else if (type === INCREMENTAL && data?.source === MUTATION) {
    for (const add of data.adds ?? []) {
      nodes.push(add.node);
    }
    for (const change of data.attributes ?? []) {
      visit(change.attributes, change.id, undefined);
    }
  }
  // A page may nest deeper than the call stack allows: walked with its own stack.
  while (nodes.length > 0) {
    const node = nodes.pop()!;
    if (node.attributes) {
      visit(node.attributes, node.id, node);
    }
    for (const child of node.childNodes ?? []) {
      nodes.push(child);
    }
  }
}
