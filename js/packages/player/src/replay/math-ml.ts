const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';

/** Elements of MathML; none is an element of HTML too. */
const ELEMENTS: ReadonlySet<string> = new Set([
  'math', 'mi', 'mn', 'mo', 'ms', 'mspace', 'mtext', 'maction', 'menclose', 'merror', 'mfenced', 'mfrac', 'mover', 'mpadded', 'mphantom', 'mroot', 'mrow', 'msqrt', 'mstyle', 'msub',
  'msubsup', 'msup', 'mtable', 'mtd', 'mtr', 'mlabeledtr', 'munder', 'munderover', 'mmultiscripts', 'mprescripts', 'semantics', 'annotation', 'annotation-xml',
]);

/** Makes a document build MathML: the replayer knows the namespaces of HTML and SVG alone. */
export function buildMathMl(document: Document): void {
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions): Element => {
    const lower = name.toLowerCase();
    return ELEMENTS.has(lower) ? document.createElementNS(NAMESPACE, lower) : create(name, options);
  }) as typeof document.createElement;
}
