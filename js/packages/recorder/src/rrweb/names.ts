export const SVG = 'http://www.w3.org/2000/svg';

/**
 * Returns the name of an element in upper case and without a prefix, as in an HTML page. In XHTML pages, names are in lower case and may
 * have a prefix. Returns an empty string for nodes that are not elements.
 */
export function nameOf(node: Node): string {
  const { localName, namespaceURI } = node as Element;
  // A form field named `localName` hides the property of its form.
  if (typeof localName !== 'string') {
    return '';
  }
  // SVG styles are recorded as plain text; SVG scripts are treated like HTML scripts.
  return namespaceURI === SVG && localName !== 'script' ? localName : localName.toUpperCase();
}

/** Says whether a node is an element of a name, as {@link nameOf} gives it. */
export function isNamed(node: Node | null, name: string): boolean {
  return node !== null && (node as Element).localName === name && (node as Element).namespaceURI !== SVG;
}
