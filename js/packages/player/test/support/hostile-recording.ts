export const element = (tagName: string, id: number, attributes: object = {}, childNodes: object[] = [], more: object = {}) => ({
  type: 2, tagName, attributes, childNodes, id, ...more,
});

export const text = (id: number, textContent: string) => ({ type: 3, textContent, id });
const LAST = { type: 3, data: { source: 0, adds: [], removes: [], texts: [{ id: 7, value: 'the end' }], attributes: [] } };

/** A page of a head, a body, something that is said at the end, and what is hostile, in its snapshot and after it. */
export const recording = (
  inHead: object[],
  inBody: object[],
  then: object[] = [],
  meta: object = { href: 'http://x/', width: 400, height: 300 },
): string => {
  const body = element('body', 5, {}, [element('p', 6, { id: 'last' }, [text(7, 'the beginning')]), ...inBody]);
  const html = element('html', 3, {}, [element('head', 4, {}, inHead), body]);
  return JSON.stringify(
    [
      { type: 4, data: meta },
      {
        type: 2,
        data: {
          node: { type: 0, id: 1, childNodes: [{ type: 1, name: 'html', publicId: '', systemId: '', id: 2 }, html] },
          initialOffset: { top: 0, left: 0 },
        },
      },
      ...then,
      LAST,
    ].map((event, i) => ({ ...event, timestamp: 1000 + i })),
  );
};

export const adds = (parentId: number, ...nodes: object[]) => ({
  type: 3,
  data: { source: 0, adds: nodes.map((node) => ({ parentId, nextId: null, node })), removes: [], texts: [], attributes: [] },
});

export const changes = (id: number, attributes: object) => ({
  type: 3,
  data: { source: 0, adds: [], removes: [], texts: [], attributes: [{ id, attributes }] },
});

export const raw = (source: number, data: object) => ({ type: 3, data: { source, ...data } });
