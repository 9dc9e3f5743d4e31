import type { WireEvent } from '@session-replay/format';
import { CLSThresholds, FCPThresholds, INPThresholds, LCPThresholds, TTFBThresholds } from 'web-vitals';
import { describe, expect, test } from 'vitest';
import type { DomEvent } from '../src/data/chunk-events.ts';
import { eventDetails } from '../src/events/event-details.ts';
import { eventRows } from '../src/events/event-rows.ts';
import { countMarkers, groupMarkers, markerText, nextMarker } from '../src/events/markers.ts';
import { RowStore } from '../src/events/row-store.ts';
import { VITALS, formatVital, rate } from '../src/events/vitals.ts';
import { log, request } from './support/recordings.ts';

const loaded = (seq: number, other: WireEvent[]) => ({ window: 'a', seq, other });

describe('rows', () => {
  test('are in order of time, and say what happened', () => {
    const rows = eventRows(
      loaded(0, [
        log(30, 'error', 'boom'),
        request(10, 'https://a.example/api?x=1', 503, 20),
        { time: 40, custom: { name: 'checkout', properties_json: '{"total":1}' } },
      ]),
      [
        { type: 3, timestamp: 20, data: { source: 2, type: 2 } },
        { type: 3, timestamp: 5, data: { source: 5, text: '***' } },
      ],
    );
    expect(rows.map((r) => [r.time, r.kind, r.title, r.detail, r.bad])).toEqual([
      [5, 'input', 'input', '“***”', false],
      [10, 'network', 'GET 503', '/api?x=1', true],
      [20, 'click', 'click', '', false],
      [30, 'console', 'error', 'boom', true],
      [40, 'custom', 'checkout', '{"total":1}', false],
    ]);
    expect(rows.map((r) => [r.list, r.index])).toEqual([['dom', 1], ['other', 1], ['dom', 0], ['other', 0], ['other', 2]]);
  });

  test('hold no more than a bound: those furthest from the playhead go', () => {
    const store = new RowStore(10);
    for (let seq = 0; seq < 20; seq++) {
      const chunk = loaded(seq, [log(seq * 100, 'log', 'a'), log(seq * 100 + 1, 'log', 'b')]);
      store.add('a', seq, eventRows(chunk, []), seq * 100);
    }
    expect(store.rows.map((r) => r.seq)).toEqual([15, 15, 16, 16, 17, 17, 18, 18, 19, 19]);
    expect([store.has('a', 19), store.has('a', 3)]).toEqual([true, false]);
    store.add('a', 19, [], 1900);
    expect(store.rows).toHaveLength(10);
  });
});

describe('details', () => {
  test('a request: fields, timing, headers, bodies with JSON indented', () => {
    const { fields, texts } = eventDetails({
      ...request(10, 'https://a.example/api', 200, 120),
      network: { ...request(10, 'https://a.example/api', 200, 120).network!, response_headers: [{ name: 'etag', value: '1' }] },
    });
    expect(Object.fromEntries(fields)).toMatchObject({
      URL: 'https://a.example/api', Method: 'GET', Status: '200', Took: '120 ms', Waiting: '60 ms', Receiving: '60 ms', Received: '2.0 KiB',
    });
    expect(texts).toEqual([
      ['Response headers', 'etag: 1'],
      ['Response body', '{\n  "ok": true\n}'],
    ]);
  });

  test('JSON is indented wherever it stands, other text is left', () => {
    expect(eventDetails({ time: 1, custom: { name: 'n', properties_json: '{"a":[1,2]}' } }).texts[0]![1]).toBe(
      '{\n  "a": [\n    1,\n    2\n  ]\n}',
    );
    expect(eventDetails(log(1, 'log', '{"broken')).texts[0]![1]).toBe('{"broken');
    expect(eventDetails(log(1, 'log', '12')).texts[0]![1]).toBe('12');
  });

  test.each<[string, WireEvent, Record<string, string>]>([
    [
      'error',
      {
        time: 1,
        error: { message: 'x is undefined', name: 'TypeError', stack: 'at a', source: 'error', file: 'a.js', line: 3, column: 7 },
      },
      { Message: 'x is undefined', At: 'a.js:3:7' },
    ],
    [
      'server',
      {
        time: 1,
        server: {
          type: 'exception', message: 'Timeout', level: 'error', duration: 30, status: 500, trace_id: 'abc', request_id: '',
          detail_json: '',
        },
      },
      { Status: '500', 'Trace id': 'abc', Took: '30 ms' },
    ],
    ['pause', { time: 9000, gap: { reason: 'idle', from: 1000, to: 61_000 } }, { What: 'recording paused: idle', For: '60.0 s' }],
    [
      'rage click',
      { time: 1, interaction: { type: 'rage_click', target: 'button.buy', text: 'Buy', count: 6 } },
      { What: 'rage click', Clicks: '6' },
    ],
    ['vital', { time: 1, performance: { name: 'LCP', value: 1200, rating: 'good', target: 'img' } }, { Name: 'LCP', Element: 'img' }],
  ])('%s', (_, event, expected) => {
    const { fields } = eventDetails(event);
    expect(Object.fromEntries(fields)).toMatchObject(expected);
    expect(fields.every(([, value]) => value !== '')).toBe(true);
  });

  test('a DOM event is JSON without the replayer’s notes, and cut when it is long', () => {
    const { texts } = eventDetails({
      type: 3,
      timestamp: 1,
      data: { source: 0, adds: Array.from({ length: 5000 }, () => ({ text: 'abc' })) },
      delay: 5,
    } as DomEvent);
    expect(texts[0]![1]).not.toContain('delay');
    expect(texts[0]![1].length).toBeLessThan(20_100);
  });
});

describe('markers', () => {
  const marks = [
    ...Array.from({ length: 10_000 }, (_, i) => ({ time: i, window: 'a', kind: 'click', label: '' })),
    { time: 5000, window: 'a', kind: 'error', label: 'boom' }, { time: 5001, window: 'a', kind: 'unheard of', label: '' },
  ];

  test('however many there are, few are drawn, and none of the rare is lost', () => {
    const groups = groupMarkers(marks, 0, 10_000, 100, new Set());
    expect(groups.filter((g) => g.first.kind === 'click')).toHaveLength(100);
    expect(groups.reduce((sum, g) => sum + g.count, 0)).toBe(10_001);
    expect(markerText(groups.find((g) => g.first.kind === 'error')!)).toBe('Error: boom');
    expect(markerText(groups[0]!)).toBe('100 × Click');
  });

  test('kinds can be left out, and are counted', () => {
    expect(groupMarkers(marks, 0, 10_000, 100, new Set(['click']))).toHaveLength(1);
    expect(countMarkers(marks)).toEqual([['error', 1], ['click', 10_000]]);
  });

  test('the next and the one before, of those that are shown', () => {
    const omitted = new Set(['click']);
    expect(nextMarker(marks, omitted, 10, 1)?.time).toBe(5000);
    expect(nextMarker(marks, omitted, 5000, 1)).toBeUndefined();
    expect(nextMarker(marks, omitted, 9000, -1)?.time).toBe(5000);
    expect(nextMarker(marks, omitted, 5200, -1)).toBeUndefined();
  });
});

describe('web vitals', () => {
  test('have the thresholds that Google’s own library has', () => {
    expect(Object.fromEntries(VITALS.map((v) => [v.name, v.thresholds]))).toEqual({
      LCP: LCPThresholds, INP: INPThresholds, CLS: CLSThresholds, FCP: FCPThresholds, TTFB: TTFBThresholds,
    });
    VITALS.forEach((v) => expect(v.source).toMatch(/^https:\/\/web\.dev\/articles\//));
  });

  test.each([
    [2500, 'good', '2.5 s'], [2501, 'needs improvement', '2.5 s'], [4000, 'needs improvement', '4 s'], [4001, 'poor', '4 s'],
    [900, 'good', '900 ms'],
  ])('LCP %d is %s', (value, rating, text) => {
    expect([rate(VITALS[0]!, value), formatVital(VITALS[0]!, value)]).toEqual([rating, text]);
  });
});
