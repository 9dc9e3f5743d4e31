import { describe, expect, test } from 'vitest';
import { visitAssetSlots, visitStylesheets } from '@session-replay/format';
import { readEvents } from '../src/data/chunk-events.ts';
import { Timeline } from '../src/data/timeline.ts';
import { eventDetails } from '../src/events/event-details.ts';
import { eventRows } from '../src/events/event-rows.ts';
import { countMarkers, groupMarkers, nextMarker } from '../src/events/markers.ts';
import { readChunk } from '../src/loading/read-chunk.ts';
import { VIEWS } from '../src/components/panel-view.ts';
import { sanitizeEvent } from '../src/replay/sanitize-event.ts';
import { TreeGuard } from '../src/replay/tree-guard.ts';
import { batch, chunk, dom, manifest, window } from './support/recordings.ts';
import { snapshotOf } from './support/nodes.ts';

const NAMES = [
  '__proto__', ...Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__'), 'prototype', 'then', 'length',
  'size', 'get', 'entries',
];
const VALUES = ['x', '', 'sr-asset:zz', 'url(x)'];

/** JSON, and no literal: only in it `__proto__` is a name like any other. */
const parse = (json: string): Record<string, unknown> => JSON.parse(json) as Record<string, unknown>;
const node = (name: string, value: string) =>
  parse(
    `{"type":2,"tagName":${JSON.stringify(/^[a-z]/i.test(name) ? name : 'div')},"id":9,"attributes":{${JSON.stringify(name)}:${JSON.stringify(value)},"style":${JSON.stringify(value)}},"childNodes":[{"type":3,"id":10,"textContent":"kept"}]}`,
  );
describe.each(NAMES)('a page that uses the name %s', (name) => {
  test.each(VALUES)('as an element and as an attribute, is read whole: %j', async (value) => {
    const style = parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);
    const events = [
      dom(1, 4, { href: 'http://x/', width: 9, height: 9 }),
      dom(2, 2, snapshotOf([node(name, value)])),
      dom(3, 3, {
        source: 0,
        adds: [{ parentId: 4, nextId: null, node: { ...node(name, value), id: 20, childNodes: [] } }],
        removes: [],
        texts: [],
        attributes: [{ id: 9, attributes: { style, [name]: value } }],
      }),
      dom(4, 3, { source: name }),
      dom(5, 3, { source: 13, id: 9, set: style }),
      { time: 6, custom: { name, properties_json: '{}' } },
      { time: 7, console: { level: name, args: [name], stack: '' } },
      { time: 8, interaction: { type: name, target: name, text: name, count: 1 } },
      { time: 9, performance: { name, value: 1, rating: name, target: '' } },
      { time: 10, navigation: { url: name, title: name, type: name } },
    ];
    const bytes = batch(events);
    const held = { bytes, encoding: 'identity', length: bytes.length, from: 0 };
    const { page, other } = await readChunk(held, window('a', 0, 10), chunk(0, 0, 10, true));
    const read = readEvents(page);
    const rows = eventRows({ window: 'a', seq: 0, other }, read);
    const safe = read.filter((event) => sanitizeEvent(event));
    expect(safe.map((e) => e.type)).toEqual([4, 2, 3, 3]);
    expect(JSON.stringify(safe[1])).toContain('kept');
    const guard = new TreeGuard();
    safe.forEach((event) => guard.admit(event));
    expect(rows).toHaveLength(9);
    const context = { start: 0, axis: { from: 0, to: 1 }, time: 0 };
    for (const row of rows) {
      expect(typeof row.title).toBe('string');
      Object.values(VIEWS).filter((view) => view.includes(row)).forEach((view) => view.row(row, context));
    }
    [...safe, ...other].forEach((event) => eventDetails(event));
  });

  test('as the kind of a marker, of a window and of a source', () => {
    const markers = [{ time: 1, window: name, kind: name, label: name }, { time: 2, window: 'a', kind: 'click', label: name }];
    const timeline = new Timeline(manifest([window('a', 0, 9), window(name, 1, 9)], { markers }));
    expect(groupMarkers(timeline.markers, 0, 9, 10, new Set())).toHaveLength(1);
    expect(countMarkers(timeline.markers)).toEqual([['click', 1]]);
    expect(nextMarker(timeline.markers, new Set(), 0, 1)?.kind).toBe('click');
    expect(sanitizeEvent({ type: 3, timestamp: 1, data: { source: name } })).toBe(false);
    expect(sanitizeEvent({ type: 3, timestamp: 1, data: { source: 2, type: name, id: 1, x: 0, y: 0 } })).toBe(false);
    const event = { type: 2, data: snapshotOf([node(name, 'x')]) };
    visitAssetSlots(event, () => undefined);
    visitStylesheets(event, () => undefined);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
