import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDomEvents, readDomTimes, writeDomEvents } from '@session-replay/format';
import { MAX_DEPTH } from '../src/dom/kinds.ts';
import { FormatRejected } from '../src/reject.ts';

const key = fc.oneof(
  fc.constantFrom('type', 'data', 'node', 'attributes', 'childNodes', 'id', 'class', '', '[]', '0', '__proto__', 'constructor', 'toJSON'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const number = fc.oneof(
  fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 1e11, -1e11, 99_999_999_999, 1e12, 3_999_999_999_999, 4e12, 4111111111111111, 1e21, 5e-324),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', 'a', '1', '\ud800', '\udc00', 'x\ud83d', '\ude00y', '\ufeff'),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.constant(null), fc.boolean(), number, text, tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
}));
const event = json.object as fc.Arbitrary<Record<string, unknown>>;
const events = fc.array(fc.tuple(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), event).map(([time, e]) => ({ time, event: e })), {
  minLength: 1, maxLength: 5,
});

function withoutTimestamp(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'timestamp'));
}

describe('DOM events as columns', () => {
  test('any events come back as they were', () => {
    fc.assert(fc.property(events, (written) => {
      const block = writeDomEvents(written);
      const read = readDomEvents(block);
      expect(read.times).toEqual(written.map(({ time }) => time));
      expect(readDomTimes(block)).toEqual(read.times);
      expect(isDeepStrictEqual(read.events, written.map((e) => withoutTimestamp(e.event)))).toBe(true);
      expect(read.events.map((e) => JSON.stringify(e))).toEqual(written.map((e) => JSON.stringify(withoutTimestamp(e.event))));
    }), { numRuns: 2000 });
  });

  test('what JSON leaves out is left out', () => {
    const value = { a: undefined, b: () => 1, c: Symbol('c'), d: [undefined, Number.NaN, Number.POSITIVE_INFINITY], e: 1 };
    expect(readDomEvents(writeDomEvents([{ time: 1, event: value }])).events).toEqual([{ d: [null, null, null], e: 1 }]);
  });

  test('a page that replaces toJSON changes nothing', () => {
    const value = { a: { toJSON: 'x' }, b: Object.assign([1], { toJSON: () => 2 }) };
    expect(readDomEvents(writeDomEvents([{ time: 1, event: value }])).events).toEqual([{ a: { toJSON: 'x' }, b: [1] }]);
  });

  test('what nests too deep is refused by writer and reader', () => {
    const nest = (depth: number): object => Array.from({ length: depth - 1 }).reduce<object>((inner) => ({ inner }), {});
    expect(readDomEvents(writeDomEvents([{ time: 1, event: nest(MAX_DEPTH) }])).events).toEqual([nest(MAX_DEPTH)]);
    expect(() => writeDomEvents([{ time: 1, event: nest(MAX_DEPTH + 1) }])).toThrow(RangeError);
  });

  test('damaged blocks are rejected or read, never more than their bytes can say', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'insert', 'drop'));
    fc.assert(fc.property(events, fc.array(change, { minLength: 1, maxLength: 4 }), (written, changes) => {
      const bytes = [...writeDomEvents(written)];
      for (const [place, value, how] of changes) {
        bytes.splice(place % bytes.length, how === 'insert' ? 0 : 1, ...(how === 'drop' ? [] : [value]));
      }
      try {
        expect(JSON.stringify(readDomEvents(Uint8Array.from(bytes)).events).length).toBeLessThan(64 * 1024 + bytes.length * 64);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatRejected);
      }
    }), { numRuns: 5000 });
  });

  test('random bytes are rejected', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        readDomEvents(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatRejected);
      }
    }), { numRuns: 3000 });
  });
});
