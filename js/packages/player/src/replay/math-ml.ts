const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';

/** Elements of MathML; none is an element of HTML too. */
const ELEMENTS: ReadonlySet<string> = new Set([
  'math', 'mi', 'mn', 'mo', 'ms', 'mspace', 'mtext', 'maction', 'menclose', 'merror', 'mfenced', 'mfrac', 'mover', 'mpadded', 'mphantom',
  'mroot', 'mrow', 'msqrt', 'mstyle', 'msub', 'msubsup', 'msup', 'mtable', 'mtd', 'mtr', 'mlabeledtr', 'munder', 'munderover',
  'mmultiscripts', 'mprescripts', 'semantics', 'annotation', 'annotation-xml',
]);

export const isMathMl = (name: string): boolean => ELEMENTS.has(name.toLowerCase());

/** Makes a document build MathML: the replayer knows the namespaces of HTML and SVG alone. */
export function buildMathMl(document: Document): void {
  if (Object.hasOwn(document, 'createElement')) {
    return;
  }
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions): Element => {
    return isMathMl(name) ? document.createElementNS(NAMESPACE, name.toLowerCase()) : create(name, options);
  }) as typeof document.createElement;
}
