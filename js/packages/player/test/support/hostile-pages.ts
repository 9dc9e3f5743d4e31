import type { DomEvent } from '../../src/data/chunk-events.ts';
import type { Node } from '../../src/replay/node-shape.ts';

const SVG = new Set(['svg', 'g', 'defs', 'use', 'rect', 'symbol', 'path', 'mask', 'pattern', 'marker', 'filter', 'feGaussianBlur']);

/** An element as rrweb writes it. */
export const element = (tagName: string, id: number, attributes: object = {}, childNodes: Node[] = []): Node =>
  ({ type: 2, tagName, id, attributes: { ...attributes }, childNodes, ...(SVG.has(tagName) ? { isSVG: true } : {}) });

/** The snapshot of a page with some content, and a paragraph that says how far it is. */
export const pageOf = (...content: Node[]): DomEvent => ({
  type: 2,
  timestamp: 1,
  data: {
    initialOffset: { top: 0, left: 0 },
    node: { type: 0, id: 1, childNodes: [element('html', 2, {}, [element('head', 3), element('body', 4, {}, content)])] },
  },
});

type Kind = 'use' | 'mask' | 'pattern' | 'marker' | 'style';

/** A drawing of some levels, each of which shows the one before it several times. */
export function doubling(kind: Kind, levels: number, times: number, isStyled = true): Node {
  let id = 100;
  const refer = (level: number): Node => {
    const to = `url(#l${level})`;
    switch (kind) {
      case 'use':
        return element('use', id++, { href: `#l${level}` });
      case 'mask':
        return element('rect', id++, { width: '9', height: '9', mask: to });
      case 'pattern':
        return element('rect', id++, { width: '9', height: '9', fill: to });
      case 'marker':
        return element('path', id++, { d: 'M0 0L1 1L2 2', 'marker-mid': to });
      case 'style':
        return element('rect', id++, { width: '9', height: '9', ...(isStyled ? { style: `opacity:1; mask: url("#l${level}")` } : {}) });
    }
  };
  const holder = kind === 'use' ? 'g' : kind === 'style' ? 'mask' : kind;
  const groups = Array.from({ length: levels }, (_, level) =>
    element(
      holder,
      id++,
      { id: `l${level}`, width: '9', height: '9' },
      level === 0 ? [element('rect', id++, { width: '9', height: '9' })] : Array.from({ length: times }, () => refer(level - 1)),
    ),
  );
  return element('svg', id++, { width: '100', height: '100' }, [
    element('defs', id++, {}, groups),
    refer(levels - 1),
    element('rect', id++, { id: 'show', width: '90', height: '90' }),
  ]);
}
