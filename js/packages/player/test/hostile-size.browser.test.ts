import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../recorder/test/support/browser.ts';
import { doubling } from './support/hostile-pages.ts';
import { errors, page, play, useViewerPage } from './support/viewer-page.ts';
import { adds, element, raw, recording } from './support/hostile-recording.ts';

/** Anyone with a write key can send a recording of any form: it is looked at here as it would be sent. */
describe.runIf(hasBrowser())('a recording of more than a browser bears', () => {
  useViewerPage();

  test.each(['seek', 'play'] as const)('nests no deeper than a browser bears, built and moved in any order: %s', async (way) => {
    const chain = (from: number, parentId: number, count: number, reverse = false) => {
      const links = Array.from({ length: count }, (_, i) => ({
        parentId: i === 0 ? parentId : from + i - 1,
        nextId: null,
        node: element('div', from + i),
      }));
      return { type: 3, data: { source: 0, removes: [], texts: [], attributes: [], adds: reverse ? links.reverse() : links } };
    };
    const move = (id: number, parentId: number, removes: object[] = []) => ({
      type: 3,
      data: { source: 0, texts: [], attributes: [], removes, adds: [{ parentId, nextId: null, node: element('div', id) }] },
    });
    // As deep as a chunk can have it (rule D6).
    const deep = Array.from({ length: 250 }, (_, i) => 9000 + i)
      .reduceRight<object[]>((inside, id) => [element('div', id, {}, inside)], []);
    const look = await play(
      recording(
        [],
        deep,
        [
          chain(20_000, 5, 3000),
          chain(30_000, 5, 3000, true),
          ...Array.from({ length: 20 }, (_, i) => [
            chain(40_000 + i * 1000, 5, 450),
            move(40_000 + i * 1000, 40_449 + (i - 1) * 1000),
            move(40_000 + i * 1000, 40_449 + (i - 1) * 1000, [
              { id: 40_000 + i * 1000, parentId: 999 },
              { id: 40_449 + i * 1000, parentId: 5, isShadow: true },
            ]),
          ]).flat(),
          ...Array.from({ length: 10 }, (_, i) => chain(70_000 + i * 1000, i === 0 ? 5 : 70_299 + (i - 1) * 1000, 300)),
        ],
      ),
      way,
    );
    expect(look.depth).toBeGreaterThan(400);
    expect(look.depth).toBeLessThanOrEqual(516);
    expect(errors).toEqual([]);
  });

  test('is at most as large as can be drawn, however it declares its size', async () => {
    for (const [width, height] of [[1e9, 1e9], [-5, 0], ['100%', null]]) {
      const look = await play(recording([], [], [raw(4, { width, height })], { href: '', width, height }), 'play');
      expect(look.size[0]).toBeGreaterThan(0);
      expect(Math.max(...look.size)).toBeLessThanOrEqual(20_000);
    }
    expect(errors).toEqual([]);
  });

  test('has no more frames than a browser bears', async () => {
    const look = await play(
      recording(
        [],
        Array.from({ length: 500 }, (_, i) => element('iframe', 100 + i)),
        [adds(5, ...Array.from({ length: 500 }, (_, i) => element('IFRAME', 1000 + i)))],
      ),
    );
    expect(look.frames).toBeLessThanOrEqual(100);
    expect(errors).toEqual([]);
  });

  test('adds no more nodes than a browser bears', async () => {
    const { TreeGuard } = await import('../src/replay/tree-guard.ts');
    const guard = new TreeGuard(512, 1000, 10);
    const event = (data: object) => ({
      type: 3,
      timestamp: 1,
      data: { source: 0, adds: [], removes: [], ...data } as Record<string, unknown>,
    });
    guard.admit({ type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes: [element('html', 3, {}, [element('body', 5)])] } } });
    const many = (from: number) => Array.from({ length: 400 }, (_, i) => ({ parentId: 5, nextId: null, node: element('p', from + i) }));
    const counts = [1000, 2000, 3000, 4000].map((from) => {
      const added = event({ adds: many(from) });
      guard.admit(added);
      return (added.data['adds'] as unknown[]).length;
    });
    expect(counts.reduce((sum, n) => sum + n)).toBeLessThanOrEqual(1000);
    expect(counts.slice(0, 2)).toEqual([400, 400]);
    // What is removed makes room, under whatever parent it is said to be.
    const removed = event({ removes: Array.from({ length: 400 }, (_, i) => ({ id: 1000 + i, parentId: 99 })) });
    guard.admit(removed);
    expect((removed.data['removes'] as { parentId: number }[]).every(({ parentId }) => parentId === 5)).toBe(true);
    const again = event({ adds: many(5000) });
    guard.admit(again);
    expect((again.data['adds'] as unknown[]).length).toBeGreaterThanOrEqual(400);
  });

  test.each([
    ['use', [doubling('use', 14, 4)]],
    ['mask', [doubling('mask', 14, 4)]],
    ['pattern', [doubling('pattern', 14, 4)]],
    [
      'has',
      [
        element('style', 50, { _cssText: Array.from({ length: 5000 }, (_, i) => `div:has(b${i} p):has(i~b) p{color:red}`).join('') }),
        ...Array.from({ length: 3000 }, (_, i) => element('div', 1000 + i)),
      ],
    ],
    ['url', [element('style', 50, { _cssText: `a{b:url(${' '.repeat(6000)}` }), element('p', 51, { style: `b:url(${' '.repeat(6000)}` })]],
    ['style', [element('p', 51, { style: ';'.repeat(200_000) })]],
  ] as [string, object[]][])('asks for more than a browser can bear, and the page answers all the same: %s', async (_, content) => {
    const began = Date.now();
    await play(recording([], content));
    // A page that is drawn answers: what was too much would be drawn for minutes, or for good.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(errors).toEqual([]);
  });
});
