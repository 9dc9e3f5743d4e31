import { describe, expect, test } from 'vitest';
import type { DomEvent } from '../src/data/chunk-events.ts';
import { costOfCss } from '../src/replay/css-cost.ts';
import { PageBudget } from '../src/replay/page-budget.ts';
import { TreeGuard } from '../src/replay/tree-guard.ts';
import { doubling, element, pageOf } from './support/hostile-pages.ts';

/** Admits events as the stage does; gives what was left out. */
function admit(...events: DomEvent[]): { limited: string[]; json: string } {
  const tree = new TreeGuard();
  const budget = new PageBudget(tree);
  for (const event of events) {
    tree.admit(event);
    budget.admit(event);
  }
  return { limited: [...budget.limited, ...tree.isLimited ? ['elements'] : []], json: JSON.stringify(events) };
}

const mutation = (data: object): DomEvent => ({
  type: 3,
  timestamp: 2,
  data: { source: 0, adds: [], removes: [], texts: [], attributes: [], ...data },
});

describe('what no browser can bear is left out', () => {
  test.each(['use', 'mask', 'pattern', 'marker', 'style'] as const)('drawings that stand for drawings, in a snapshot: %s', (kind) => {
    const { limited, json } = admit(pageOf(doubling(kind, 14, 4)));
    expect(limited).toEqual(['drawings']);
    expect(json).not.toMatch(/#l\d/);
  });

  test('drawings that come to stand for drawings step by step', () => {
    const whole = doubling('use', 14, 4);
    const [defs, ...rest] = [whole.childNodes![0]!, ...whole.childNodes!.slice(1)];
    const groups = defs!.childNodes!.splice(0);
    const events = [
      pageOf(whole),
      ...groups.flatMap((group) => [
        mutation({ adds: [{ parentId: defs!.id, nextId: null, node: { ...group, childNodes: [] } }] }),
        mutation({ adds: group.childNodes!.map((node) => ({ parentId: group.id, nextId: null, node })) }),
      ]),
    ];
    expect(rest.length).toBeGreaterThan(0);
    expect(admit(...events).limited).toEqual(['drawings']);
  });

  test('an event that is too much takes nothing away from what was there', () => {
    const sprite = element('svg', 50, {}, [
      element('symbol', 51, { id: 'ok' }, [element('path', 52, { d: 'M0 0' })]),
      element('use', 53, { href: '#ok' }),
    ]);
    const events = [pageOf(sprite), mutation({ adds: [{ parentId: 50, nextId: null, node: element('use', 54, { href: '#ok' }) }] })];
    expect(admit(...events)).toMatchObject({ limited: [] });
  });

  test('as many references as there are elements of their name are looked at once', { timeout: 30_000 }, () => {
    const many = 40_000;
    const svg = element('svg', 50, {}, [
      ...Array.from({ length: many }, (_, i) => element('g', 100 + i, { id: 'a' })),
      ...Array.from({ length: many }, (_, i) => element('use', 100_000 + i, { href: '#a' })),
    ]);
    expect(admit(pageOf(svg)).limited).toEqual([]);
  });

  test('changes without end that bear on drawings are looked at up to a bound', { timeout: 60_000 }, () => {
    const svg = element('svg', 50, {}, [
      element('g', 51, { id: 'a' }),
      ...Array.from({ length: 20_000 }, (_, i) => element('use', 1000 + i, { href: '#a' })),
    ]);
    const changes = Array.from({ length: 2_000 }, (_, i) => mutation({ attributes: [{ id: 51, attributes: { id: i % 2 ? 'a' : 'b' } }] }));
    expect(admit(pageOf(svg), ...changes).limited).toEqual(['drawings']);
  });

  test('elements of HTML in a drawing count as far as it is drawn again', () => {
    const svg = element('svg', 50, {}, [
      element('g', 51, { id: 'a' }, [element('foreignObject', 52, {})]),
      ...Array.from({ length: 300 }, (_, i) => element('use', 1000 + i, { href: '#a' })),
    ]);
    const html = (id: number, parentId: number) =>
      mutation({ adds: [{ parentId, nextId: null, node: { ...element('div', id, {}), isSVG: undefined } }] });
    const events = Array.from({ length: 300 }, (_, i) => html(5000 + i, i === 0 ? 52 : 5000 + i - 1));
    expect(admit(pageOf(svg), ...events).limited).toContain('drawings');
  });

  test('drawings that style rules draw with, whichever comes first', () => {
    let id = 1000;
    const rect = () => element('rect', id++, { width: '9', height: '9' });
    const svg = (levels: number, shapes: number) =>
      element(
        'svg',
        id++,
        {},
        Array.from({ length: levels }, (_, i) => element('mask', id++, { id: `m${i}` }, Array.from({ length: shapes }, rect))),
      );
    const style = (levels: number) =>
      element('style', id++, {
        _cssText: Array.from({ length: levels }, (_, i) => `#m${i + 1} rect{color:#fff;mask:url(#m${i})}`).join(''),
      });
    const add = (node: ReturnType<typeof svg>) =>
      mutation({
        adds: [
          { parentId: 4, nextId: null, node: { ...node, childNodes: [] } },
          ...(node.childNodes ?? []).flatMap((child) => [
            { parentId: node.id, nextId: null, node: { ...child, childNodes: [] } },
            ...(child.childNodes ?? []).map((leaf) => ({ parentId: child.id, nextId: null, node: leaf })),
          ]),
        ],
      });
    const whole = admit(pageOf(style(14), svg(14, 4)));
    expect(whole.limited).toEqual(['drawings']);
    expect(whole.json).not.toContain('"id":"m3"');
    const later = admit(pageOf(svg(14, 4)), mutation({ adds: [{ parentId: 4, nextId: null, node: style(14) }] }));
    expect([later.limited, later.json.includes('url(#m')]).toEqual([['drawings'], false]);
    expect(admit(pageOf(style(14)), add(svg(14, 4))).limited).toEqual(['drawings']);
    expect(admit(pageOf(style(30), svg(30, 1)))).toMatchObject({ limited: [] });
    expect(admit(pageOf(style(6), svg(6, 3)))).toMatchObject({ limited: [] });
  });

  test('links to places of the page are no drawings, however many there are and however large the places', () => {
    let id = 1000;
    const sections = Array.from({ length: 300 }, (_, i) =>
      element(
        'section',
        id++,
        { id: `s${i}` },
        Array.from({ length: 300 }, () => element('p', id++)),
      ),
    );
    const links = Array.from({ length: 300 }, (_, i) => element('a', id++, { href: `#s${i}` }));
    const { limited, json } = admit(
      pageOf(...links, ...sections),
      mutation({ adds: [{ parentId: 4, nextId: null, node: element('a', id++, { href: '#s1' }) }] }),
    );
    expect(limited).toEqual([]);
    expect(json).toContain('"#s299"');
  });

  test('a flood of rules, of :has(), of nesting and of open brackets', () => {
    const css = (text: string) => admit(pageOf(element('style', 50, { _cssText: text })));
    expect(css('a{}'.repeat(100_000)).limited).toEqual(['styles']);
    expect(css('a:has(b){}'.repeat(1000))).toMatchObject({ limited: ['styles'] });
    expect(css('a:has(b){}'.repeat(1000)).json).not.toContain(':has(');
    expect(css(`${'a{& &{'.repeat(20)}`).limited).toEqual(['styles']);
    expect(css('('.repeat(1000)).limited).toEqual(['styles']);
    expect(
      css('a:has(b){color:red}@media (width>1px){@layer x{a{&:hover{b:c}}}} p{content:"((({{{"} /* {{{((( */'.repeat(100)).limited,
    ).toEqual([]);
  });

  test('rules that come one by one', () => {
    const rules = Array.from({ length: 400 }, (_, i): DomEvent => ({
      type: 3,
      timestamp: 2,
      data: { source: 8, id: 9, adds: [{ rule: `a${i}:has(b){}`, index: 0 }] },
    }));
    expect(admit(pageOf(), ...rules).limited).toEqual(['styles']);
  });

  test('filters that are larger or more than can be seen', () => {
    const filter = (attributes: object, ...primitives: object[]) =>
      pageOf(
        element('svg', 50, {}, [
          element(
            'filter',
            51,
            { id: 'f', ...attributes },
            primitives.map((a, i) => element('feGaussianBlur', 60 + i, a)),
          ),
        ]),
      );
    expect(admit(filter({}, { stdDeviation: '100000' }))).toMatchObject({ limited: ['filters'] });
    expect(admit(filter({ width: '1e9' }, {}))).toMatchObject({ limited: ['filters'] });
    expect(admit(filter({}, ...Array.from({ length: 1000 }, () => ({}))))).toMatchObject({ limited: ['filters'] });
    expect(admit(filter({ width: '200%' }, { stdDeviation: '4 2' })).limited).toEqual([]);
  });

  test('a style attribute that the replayer would read for minutes', () => {
    expect(admit(pageOf(element('p', 50, { style: ';'.repeat(100_000) }))).limited).toEqual(['styles']);
    expect(admit(pageOf(element('p', 50, { style: `background:url(data:image/png;base64,${'A'.repeat(500_000)})` }))).limited).toEqual([]);
  });

  test('more elements, deeper, than a browser bears', () => {
    let deep = element('b', 5000);
    for (let id = 5001; id < 6000; id++) {
      deep = element('b', id, {}, [deep]);
    }
    expect(admit(pageOf(deep)).limited).toEqual(['elements']);
  });
});

test('CSS is weighed without strings and comments', () => {
  expect(costOfCss('@media x{a:has(b),c{d:"{(" /* { ( */;e:url("(")}}')).toEqual({ rules: 2, has: 1, depth: 2, brackets: 1 });
});
