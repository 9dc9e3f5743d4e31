import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../recorder/test/support/browser.ts';
import { errors, play, useViewerPage } from './support/viewer-page.ts';
import { adds, changes, element, raw, recording } from './support/hostile-recording.ts';

/** Anyone with a write key can send a recording of any form: it is looked at here as it would be sent. */
describe.runIf(hasBrowser())('a recording of events that no recorder sends', () => {
  useViewerPage();

  test.each(['seek', 'play'] as const)('events of no form that the replayer knows are left out, and the rest is shown: %s', async (way) => {
    const odd: unknown[] = [null, undefined, 0, -1, 1e999, 'x', true, [], {}, [null], [{}], { toString: 1 }, { length: 1e9 }];
    const names: Record<number, string[]> = {
      0: ['adds', 'removes', 'texts', 'attributes'],
      1: ['positions'],
      2: ['id', 'type', 'x', 'y'],
      3: ['id', 'x', 'y'],
      4: ['width', 'height'],
      5: ['id', 'text', 'isChecked'],
      6: ['positions'],
      7: ['id', 'type', 'currentTime', 'volume', 'playbackRate'],
      8: ['id', 'styleId', 'adds', 'removes', 'replace', 'replaceSync'],
      9: ['id', 'commands'],
      10: ['family'],
      11: ['level'],
      12: ['positions'],
      13: ['id', 'index', 'set', 'remove'],
      14: ['ranges'],
      15: ['id', 'styleIds', 'styles'],
      16: ['define'],
      99: ['x'],
    };
    const good: Record<string, unknown> = {
      id: 30, type: 2, x: 1, y: 1, adds: [], removes: [], texts: [], attributes: [], positions: [{ x: 1, y: 1, id: 30, timeOffset: 0 }],
      styleId: 1, index: [0], styleIds: [1], styles: [], ranges: [],
    };
    const events: object[] = Object.entries(names).flatMap(([source, keys]) =>
      keys.flatMap((key) => odd.map((value) => raw(Number(source), { ...good, [key]: value }))),
    );
    const node = (more: object) => adds(5, { type: 2, tagName: 'p', attributes: {}, childNodes: [], id: 40, ...more });
    const more: object[] = [
      ...[
        'type', 'tagName', 'attributes', 'childNodes', 'id', 'rootId', 'isShadow', 'isShadowHost', 'isCustom', 'isSVG', 'textContent',
      ].flatMap((key) => odd.map((value) => node({ [key]: value }))),
      ...[
        'rr_width', 'rr_mediaVolume', 'rr_mediaPlaybackRate', 'rr_mediaCurrentTime', 'rr_mediaState', 'rr_open_mode', 'rr_scrollTop',
        '_cssText', 'style', 'value', '1bad', '',
      ].flatMap((name) =>
        odd.flatMap((value) =>
          ['video', 'style', 'link', 'textarea', 'dialog', 'canvas'].map((tagName) => node({ tagName, attributes: { [name]: value } })),
        ),
      ),
      ...odd.flatMap((value) => [
        changes(30, { style: value }),
        changes(30, { style: { color: value } }),
        changes(7, { title: value, style: { color: value } }),
        changes(30, { [JSON.stringify(value) ?? 'undefined']: value }),
        changes(1, { x: null }),
      ]),
      ...[1, 2, 3, 5, 7, 12345].flatMap((id) =>
        [2, 3, 5, 7, 14].map((source) => raw(source, { ...good, id, ranges: [{ start: id, startOffset: 9, end: id, endOffset: 1 }] })),
      ),
      adds(6, { type: 0, id: 50, childNodes: [element('html', 51)] }),
      adds(41, element('p', 41)),
      {
        type: 3,
        data: {
          source: 0,
          adds: [
            { parentId: 43, nextId: 9, node: element('p', 42) },
            { parentId: 42, nextId: 9, node: element('p', 43) },
          ],
        },
      },
      { type: 2, data: {} },
      { type: 2, data: { node: null } },
      { type: 2, data: { node: { type: 0, id: 1, childNodes: [null, 5] } } },
      { type: 2, data: { node: element('html', 1) } },
      { type: 5, data: { tag: 'x' } },
      { type: 6, data: {} },
      { type: 1e9 },
      { type: '2', data: {} },
      { data: {} },
      { type: 3 },
      { type: 3, data: null },
    ];
    const look = await play(recording([], [element('p', 30)], [...events, ...more]), way);
    expect(errors).toEqual([]);
    expect(look.polluted).toBe(false);
  });

  test('names of the language\'s own in the place of names of the page', async () => {
    const own = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1},"title":"shown"}';
    const json = recording(
      [],
      [element('p', 30, { x: 'OWN' })],
      [
        changes(30, { x: 'OWN' }),
        changes(30, { style: { x: 'OWN' } }),
        adds(5, element('p', 31, { x: 'OWN' })),
        raw(8, { id: 30, x: 'OWN' }),
        raw(13, { id: 30, index: ['__proto__'], set: { property: '__proto__', value: 'x' } }),
        raw(15, { id: 1, styleIds: [1], styles: [{ styleId: 1, rules: [], x: 'OWN' }] }),
      ],
    ).replaceAll('"x":"OWN"', own.slice(1, -1));
    expect((await play(json)).polluted).toBe(false);
    expect((await play(json, 'play')).polluted).toBe(false);
    expect(errors).toEqual([]);
  });
});
