const SVG = 'http://www.w3.org/2000/svg';

/** An element's name as HTML pages have it, in capitals: those of an XHTML page are in small letters, and may have a prefix. Empty for what is no element. */
export function nameOf(node: Node): string {
  const { localName, namespaceURI } = node as Element;
  // In a form, a field of this name takes its place.
  if (typeof localName !== 'string') {
    return '';
  }
  // A style in SVG is recorded as the text that it is; a script is a script.
  return namespaceURI === SVG && localName !== 'script' ? localName : localName.toUpperCase();
}
