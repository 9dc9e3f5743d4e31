/** Nodes of recorded pages as rrweb writes them. */
export const element = (tagName: string, id: number, attributes: object = {}, childNodes: object[] = []) => ({
  type: 2, tagName, attributes, childNodes, id,
});

export const text = (textContent: string, id: number) => ({ type: 3, textContent, id });

/** The data of a full snapshot: the ids 1 to 4 are those of the document, `html`, `head` and `body`. */
export const snapshotOf = (body: object[], bodyAttributes: object = {}) => ({
  node: {
    type: 0, id: 1, childNodes: [element('html', 2, {}, [element('head', 3), element('body', 4, bodyAttributes, body)])],
  },
  initialOffset: { top: 0, left: 0 },
});
