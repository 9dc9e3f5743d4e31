import { CDATA_NODE, DOCTYPE_NODE, DOCUMENT_NODE, ELEMENT_NODE, TEXT_NODE } from '@session-replay/format';
/** A node as rrweb writes it. */
export interface Node {
  type: number;
  id: number;
  tagName?: string;
  attributes?: Record<string, unknown>;
  childNodes?: Node[];
  textContent?: string;
  isStyle?: boolean;
  isSVG?: boolean;
  isShadow?: boolean;
  rootId?: number;
}

/** Above it are the ids of nodes that are put in here. */
const MAX_ID = 2_000_000_000;

/**
 * Brings a tree of nodes into the form that the replayer expects, in place, with a stack of its own. Gives false when there is nothing to
 * be made of its root.
 */
export function shapeTree(root: Node): boolean {
  if (!shapeNode(root)) {
    return false;
  }
  const open = [root];
  while (open.length > 0) {
    const node = open.pop()!;
    node.childNodes = (node.childNodes ?? []).filter(shapeNode);
    for (const child of node.childNodes) {
      open.push(child);
    }
  }
  return true;
}

function shapeNode(node: Node): boolean {
  if (
    typeof node !== 'object'
    || node === null
    || !Number.isSafeInteger(node.id)
    || node.id < 0
    || node.id >= MAX_ID
    || ![0, 1, 2, 3, 4, 5].includes(node.type)
  ) {
    return false;
  }
  node.childNodes = (node.type === DOCUMENT_NODE || node.type === ELEMENT_NODE) && Array.isArray(node.childNodes) ? node.childNodes : [];
  if (!Number.isSafeInteger(node.rootId)) {
    delete node.rootId;
  }
  if (node.type === ELEMENT_NODE) {
    if (typeof node.tagName !== 'string' || !/^[a-z][\w.:-]{0,99}$/i.test(node.tagName)) {
      return false;
    }
    node.attributes = shapeAttributes(node.attributes);
  } else if (node.type > ELEMENT_NODE) {
    // A CDATA section cannot be made in a document of HTML.
    node.type = node.type === CDATA_NODE ? TEXT_NODE : node.type;
    node.textContent = typeof node.textContent === 'string' ? node.textContent : '';
  } else if (node.type === DOCTYPE_NODE) {
    const type = node as unknown as Record<string, unknown>;
    ['name', 'publicId', 'systemId'].forEach((name) => (type[name] = typeof type[name] === 'string' ? type[name] : ''));
    type['name'] = /^[a-z]+$/i.test(type['name'] as string) ? type['name'] : 'html';
  }
  return true;
}

function shapeAttributes(attributes: unknown): Record<string, unknown> {
  if (typeof attributes !== 'object' || attributes === null) {
    return {};
  }
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)));
}
