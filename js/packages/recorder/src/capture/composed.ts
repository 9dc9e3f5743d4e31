/** The nearest element that a selector holds for, from a node outwards: through shadow roots and frames too, where `closest` ends. */
export function closestComposed(node: Node, selector: string): Element | undefined {
  for (let element = asElement(node) ?? hostOf(node); element; element = hostOf(element)) {
    const found = element.closest(selector);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/**
 * Gives a node as an element, or its parent where it is none. By its type and not its class: what is of a frame has a class of another
 * realm.
 */
export function asElement(node: Node | null | undefined): Element | undefined {
  return node?.nodeType === 1 ? (node as Element) : (node?.parentElement ?? undefined);
}

/** The element that a node's tree hangs from: a shadow root's host, or the frame of a document. */
export function hostOf(node: Node): Element | undefined {
  const root = node.getRootNode() as { host?: Element; defaultView?: Window | null };
  return root.host ?? root.defaultView?.frameElement ?? undefined;
}
