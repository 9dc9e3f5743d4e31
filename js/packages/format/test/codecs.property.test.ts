import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesToHex, decodeBatch, encodeBatch, frameUpload, gunzip, gzip, idToBytes, newId, readChunkHeader, readRecordingIndex, type EventBatch,
} from '@session-replay/format';
import { FormatRejected } from '../src/reject.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((s) => Buffer.from(s).toString());
const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((b) => new Uint8Array(b));
const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const whole = fc.nat();
const big = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const real = fc.double({ noNaN: true });
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> => fc.record(fields, { noNullPrototype: true });
const headers = fc.array(record({ name: text, value: text }), { maxLength: 3 });

const bodies = fc.oneof(
  record({ console: record({ level: text, args: fc.array(text, { maxLength: 3 }), stack: text }) }),
  record({
    network: record({
      method: text, url: text, status: whole, initiator: text, duration: real, time_to_first_byte: real, request_size: big,
      response_size: big, request_headers: headers, response_headers: headers, request_body: text, response_body: text, error: text,
      request_id: text,
    }),
  }),
  record({ navigation: record({ url: text, title: text, type: text }) }),
  record({ error: record({ message: text, name: text, stack: text, source: text, file: text, line: whole, column: whole }) }),
  record({ performance: record({ name: text, value: real, rating: text, target: text }) }),
  record({ custom: record({ name: text, properties_json: text }) }),
  record({ identify: record({ user_id: text, email: text, name: text, traits_json: text }) }),
  record({ interaction: record({ type: text, target: text, text, count: whole }) }),
  record({ gap: record({ reason: text, from: big, to: big }) }),
);
const batches: fc.Arbitrary<EventBatch> = record({
  version: whole, session_id: id, window_id: id, seq: whole, recorder_version: text, last: fc.boolean(), lost_events: whole, cut_id: big,
  dom_events: fc.option(bytes(60).filter((b) => b.length > 0), { nil: undefined }),
  page: fc.option(record({
    url: text, title: text, referrer: text, viewport_width: whole, viewport_height: whole, screen_width: whole, screen_height: whole,
    device_pixel_ratio: fc.float({ noNaN: true }), language: text, time_zone: text, app_version: text,
  }), { nil: undefined }),
  events: fc.array(fc.tuple(big, bodies).map(([time, body]) => ({ time, ...body })), { maxLength: 6 }),
});

/** Bytes that nearly are something: some are changed, left out or put in, or the end is missing. */
function damaged(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.constantFrom('set', 'drop', 'insert', 'cut'), fc.integer({ min: 0, max: 255 }));
  return fc.tuple(valid, fc.array(change, { minLength: 1, maxLength: 5 })).map(([original, changes]) =>
    Uint8Array.from(changes.reduce<number[]>((result, [place, how, value]) => {
      const at = place % Math.max(1, result.length);
      switch (how) {
        case 'set': return result.toSpliced(at, 1, value);
        case 'drop': return result.toSpliced(at, 1);
        case 'insert': return result.toSpliced(at, 0, value);
        default: return result.slice(0, at);
      }
    }, original.length > 0 ? [...original] : [0])));
}

/** How many bytes and characters a decoded value holds; the name of an event's body is the decoder's. */
function weight(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return value.length;
  }
  const parts = typeof value === 'object' && value !== null ? Object.entries(value).filter(([key]) => key !== 'body') : [];
  return parts.reduce((sum, [, part]) => sum + weight(part), 0);
}

/** A batch as the wire knows it: without the name that the decoder gives to an event's body. */
const present = (batch: EventBatch): unknown => JSON.parse(JSON.stringify(batch, (key, value: unknown) => {
  if (value instanceof Uint8Array) {
    return bytesToHex(value);
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value + 0 : String(value);
  }
  return key === 'body' ? undefined : value;
}));

/** Calls a reader and gives what it gives, or the rule that refused the bytes. No other error is expected. */
function readOrRule<T>(read: (bytes: Uint8Array) => T, hostile: Uint8Array): T | string {
  try {
    return read(hostile);
  } catch (error) {
    if (error instanceof FormatRejected) {
      return error.rule;
    }
    throw error;
  }
}

describe('batches', () => {
  test('are the same after they were encoded and decoded', () => {
    fc.assert(fc.property(batches, (batch) => {
      expect(present(decodeBatch(encodeBatch(batch)))).toEqual(present(batch));
    }));
  });

  test('that are cut off are refused, unless nothing but whole fields is missing', () => {
    const cut = fc.tuple(batches.map(encodeBatch), fc.nat()).map(([whole, at]) => whole.slice(0, at % (whole.length + 1)));
    fc.assert(fc.property(cut, (part) => {
      const batch = readOrRule(decodeBatch, part);
      if (typeof batch === 'string') {
        expect(batch).toBe('B1');
      } else {
        expect(encodeBatch(batch)).toEqual(part);
      }
    }), { numRuns: 2000 });
  });

  test('of hostile bytes are read or refused by a rule, and never hold more than the bytes did', () => {
    fc.assert(fc.property(fc.oneof(bytes(200), damaged(batches.map(encodeBatch))), (hostile) => {
      const batch = readOrRule(decodeBatch, hostile);
      if (typeof batch === 'string') {
        expect(batch).toBe('B1');
      } else {
        expect(weight(batch)).toBeLessThanOrEqual(hostile.length);
      }
    }), { numRuns: 2000 });
  });
});

const chunkHeader = fc.tuple(id, id, whole, big, fc.constantFrom(0, 1)).map(([session, window, seq, time, compression]) => {
  const header = new Uint8Array(200);
  const view = new DataView(header.buffer);
  header.set([0x53, 0x52, 0x43, 0x4b, 1, 1, compression, 0]);
  header.set(new TextEncoder().encode('shop'), 8);
  header.set(session, 48);
  header.set(window, 64);
  [48, 64].forEach((at) => {
    header[at + 6] = 0x70 | (header[at + 6]! & 15);
    header[at + 8] = 0x80 | (header[at + 8]! & 63);
  });
  view.setUint32(80, seq);
  [88, 96, 104].forEach((at) => view.setBigInt64(at, BigInt(time % 253_402_300_799_999)));
  return header;
});

test('hostile headers of chunks are read or refused by a rule', () => {
  const rules = new Set<string>();
  fc.assert(fc.property(fc.oneof(bytes(220), chunkHeader, damaged(chunkHeader)), (hostile) => {
    const header = readOrRule(readChunkHeader, hostile);
    if (typeof header === 'string') {
      rules.add(header);
    } else {
      rules.add('read');
      expect(header.firstTime).toBeLessThanOrEqual(header.lastTime);
      expect(header.tenant).toMatch(/^[a-z0-9][a-z0-9_-]{0,39}$/);
    }
  }), { numRuns: 2000 });
  // The bytes were near enough to come to all of the rules.
  expect([...rules].sort()).toEqual(['C1', 'C2', 'C3', 'C8', 'read']);
});

function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A recording whose checksum is right, and whose entries need not be. */
const recording = fc.tuple(fc.array(fc.record({
  window: fc.constantFrom(1, 2), seq: fc.nat({ max: 3 }), length: fc.nat({ max: 20 }), shift: fc.constantFrom(0, 0, 0, 1),
}), { maxLength: 5 }), fc.boolean()).map(([entries, isSorted]) => {
  const all = isSorted
    ? [...new Map(entries.map((e) => [`${e.window} ${e.seq}`, e])).values()].sort((a, b) => a.window - b.window || a.seq - b.seq) : entries;
  const body = all.reduce((sum, { length }) => sum + length, 0);
  const offset = 16 + body;
  const whole = new Uint8Array(offset + all.length * 48 + 32);
  const view = new DataView(whole.buffer);
  view.setUint32(0, 0x53525243);
  whole[4] = 1;
  let next = 16;
  all.forEach(({ window, seq, length, shift }, i) => {
    const at = offset + i * 48;
    whole[at] = window;
    view.setUint32(at + 16, seq);
    view.setBigInt64(at + 24, BigInt(next + shift));
    view.setUint32(at + 32, length);
    next += length;
  });
  const end = whole.length - 32;
  view.setBigInt64(end, BigInt(offset));
  view.setInt32(end + 8, all.length);
  view.setUint32(end + 12, crc32c(whole.subarray(offset, end)));
  view.setUint32(end + 28, 0x53524958);
  return whole;
});

test('hostile recordings are read or refused by a rule, and entries lie one after the other within them', () => {
  const rules = new Set<string>();
  fc.assert(fc.property(fc.oneof(bytes(120), recording, damaged(recording)), (hostile) => {
    const entries = readOrRule(readRecordingIndex, hostile);
    rules.add(typeof entries === 'string' ? entries : 'read');
    let next = 16;
    for (const { offset, length } of typeof entries === 'string' ? [] : entries) {
      expect(offset).toBe(next);
      next += length;
    }
    expect(next).toBeLessThanOrEqual(Math.max(16, hostile.length));
  }), { numRuns: 2000 });
  expect([...rules].sort()).toEqual(['R1', 'R2', 'R3', 'read']);
});

describe('gzip', () => {
  test('gives back what was compressed', async () => {
    await fc.assert(fc.asyncProperty(bytes(5000), async (original) => {
      const packed = await gzip(original);
      expect([...packed.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
      expect(await gunzip(packed)).toEqual(original);
    }));
  });

  test('of hostile bytes gives them back as they are, or fails', async () => {
    const member = fc.constant(new Uint8Array(gzipSync('a member of gzip')));
    await fc.assert(fc.asyncProperty(fc.oneof(bytes(100), damaged(member)), async (hostile) => {
      const outcome = await gunzip(new Uint8Array(hostile)).catch((error: unknown) => error);
      if (hostile[0] !== 0x1f || hostile[1] !== 0x8b) {
        expect(outcome).toEqual(hostile);
      } else if (!(outcome instanceof Error)) {
        expect(Buffer.from(outcome as Uint8Array).toString()).toBe('a member of gzip');
      }
    }));
  });
});

test('an upload is the magic, the secret and the content', () => {
  fc.assert(fc.property(id, bytes(100), (secret, content) => {
    const upload = frameUpload(bytesToHex(secret), content);
    expect(upload).toHaveLength(20 + content.length);
    expect(String.fromCharCode(...upload.subarray(0, 4))).toBe('SRU1');
    expect([upload.slice(4, 20), upload.slice(20)]).toEqual([new Uint8Array(secret), content]);
  }));
});

test('an id sorts by its time and is the same as bytes and digits', () => {
  fc.assert(fc.property(fc.nat({ max: 2 ** 47 }), fc.nat({ max: 2 ** 47 }), (a, b) => {
    const [first, second] = [newId(Math.min(a, b)), newId(Math.max(a, b))];
    expect(bytesToHex(idToBytes(first))).toBe(first);
    expect(first.slice(0, 12) <= second.slice(0, 12)).toBe(true);
    expect(parseInt(first.slice(0, 12), 16)).toBe(Math.min(a, b));
  }));
});
