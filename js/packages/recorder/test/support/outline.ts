/** Lists the elements and texts of a document, without scripts and the spaces between elements. Runs in a page. */
export const OUTLINE = `(document) => {
  const lines = [];
  const walk = (node, depth) => {
    if (node.nodeType === 3) {
      const text = node.data.trim().replace(/\\s+/g, ' ');
      if (text) { lines.push(' '.repeat(depth) + text); }
    } else if (node.nodeType === 1 && !/^(script|noscript|link|meta|title|style|head)$/.test(node.localName)) {
      lines.push(' '.repeat(depth) + node.localName + (node.id ? '#' + node.id : '') + (node.localName === 'textarea' ? ' ' + node.value.length : ''));
      if (node.localName !== 'textarea') { [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].forEach((child) => walk(child, depth + 1)); }
    }
  };
  walk(document.documentElement, 0);
  return lines;
}`;
