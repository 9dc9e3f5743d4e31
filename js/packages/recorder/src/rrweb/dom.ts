import { prototypeOf } from '../natives.ts';

/**
 * Reads the DOM by the browser's own getters, in place of rrweb's. One function for each property, and not one that looks the property up:
 * the browser's compiler turns each into the getter itself.
 */
type Getter<T> = (this: unknown) => T;

function getter<T>(owner: string, name: string): Getter<T> {
  const get = Object.getOwnPropertyDescriptor(prototypeOf(owner) ?? {}, name)?.get as Getter<T> | undefined;
  return get ?? function (this: unknown): T {
    return (this as Record<string, T>)[name]!;
  };
}

function method<A extends unknown[], T>(owner: string, name: string): (this: unknown, ...args: A) => T {
  return (prototypeOf(owner) as Record<string, (...args: A) => T> | undefined)?.[name] ?? function (this: unknown, ...args: A): T {
    return (this as Record<string, (...given: A) => T>)[name]!(...args);
  };
}

const getOwnerDocument = /* @__PURE__ */ getter<Document | null>('Node', 'ownerDocument');
const getParentNode = /* @__PURE__ */ getter<Node | null>('Node', 'parentNode');
const getParentElement = /* @__PURE__ */ getter<Element | null>('Node', 'parentElement');
const getTextContent = /* @__PURE__ */ getter<string | null>('Node', 'textContent');
const getFirstChild = /* @__PURE__ */ getter<ChildNode | null>('Node', 'firstChild');
const getLastChild = /* @__PURE__ */ getter<ChildNode | null>('Node', 'lastChild');
const getNextSibling = /* @__PURE__ */ getter<ChildNode | null>('Node', 'nextSibling');
const getPreviousSibling = /* @__PURE__ */ getter<ChildNode | null>('Node', 'previousSibling');
const getIsConnected = /* @__PURE__ */ getter<boolean>('Node', 'isConnected');
const getChildNodes = /* @__PURE__ */ getter<NodeListOf<ChildNode>>('Node', 'childNodes');
const getShadowRoot = /* @__PURE__ */ getter<ShadowRoot | null>('Element', 'shadowRoot');
const getHost = /* @__PURE__ */ getter<Element>('ShadowRoot', 'host');
const callGetRootNode = /* @__PURE__ */ method<[], Node>('Node', 'getRootNode');
const callAttributeNames = /* @__PURE__ */ method<[], string[]>('Element', 'getAttributeNames');
const callGetAttribute = /* @__PURE__ */ method<[string], string | null>('Element', 'getAttribute');
const searchDocument = /* @__PURE__ */ method<[string], NodeListOf<Element>>('Document', 'querySelectorAll');
const searchFragment = /* @__PURE__ */ method<[string], NodeListOf<Element>>('DocumentFragment', 'querySelectorAll');
const callMatches = /* @__PURE__ */ method<[string], boolean>('Element', 'matches');

export function ownerDocument(node: Node): Document | null {
  return getOwnerDocument.call(node);
}

export function parentNode(node: Node): Node | null {
  return getParentNode.call(node);
}

export function parentElement(node: Node): Element | null {
  return getParentElement.call(node);
}

export function textContent(node: Node): string | null {
  return getTextContent.call(node);
}

export function firstChild(node: Node): ChildNode | null {
  return getFirstChild.call(node);
}

export function lastChild(node: Node): ChildNode | null {
  return getLastChild.call(node);
}

export function nextSibling(node: Node): ChildNode | null {
  return getNextSibling.call(node);
}

export function previousSibling(node: Node): ChildNode | null {
  return getPreviousSibling.call(node);
}

export function childNodes(node: Node): NodeListOf<ChildNode> {
  return getChildNodes.call(node);
}

/** Whether a node is in a document, also through shadow roots. */
export function inDom(node: Node): boolean {
  return getIsConnected.call(node);
}

export function getRootNode(node: Node): Node {
  return callGetRootNode.call(node);
}

/** The host of a shadow root; null for anything else. */
export function host(node: Node | null): Element | null {
  return node?.nodeType === 11 && 'host' in node ? getHost.call(node) : null;
}

export function shadowRoot(node: Node | null): ShadowRoot | null {
  return node?.nodeType === 1 ? getShadowRoot.call(node) : null;
}

export function isShadowRoot(node: Node | null): boolean {
  const of = host(node);
  return of !== null && getShadowRoot.call(of) === node;
}

export function attributeNames(element: Element): string[] {
  return callAttributeNames.call(element);
}

export function getAttribute(element: Element, name: string): string | null {
  return callGetAttribute.call(element, name);
}

export function matches(element: Element, selector: string): boolean {
  return callMatches.call(element, selector);
}

/** Finds elements of a document or shadow root. */
export function search(root: Node, selector: string): NodeListOf<Element> {
  return (root.nodeType === 9 ? searchDocument : searchFragment).call(root, selector);
}

export const nowTimestamp: () => number = Date.now;
