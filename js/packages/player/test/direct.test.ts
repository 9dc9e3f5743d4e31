import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzip } from '@session-replay/format';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Api } from '../src/data/api.ts';
import type { StreamRecord } from '../src/loading/record-reader.ts';
import { end, record } from './support/stream.ts';

/** A chunk of the format's own vectors. */
function vector(name: string): { chunk: Buffer; field: (name: string) => string } {
  const [head, body] = readFileSync(new URL(`../../../../docs/format/vectors/${name}.vector`, import.meta.url), 'utf8').split('\n\n', 2);
  return {
    chunk: Buffer.from(body!, 'base64'),
    field: (field) => new RegExp(`^${field}: (.*)$`, 'm').exec(head!)![1]!,
  };
}

const packed = vector('chunk-success-gzip');
const base64 = (field: string) => Buffer.from(packed.field(field), 'hex').toString('base64');
const plain = vector('chunk-success-plain');
const names = { window: packed.field('window'), seq: Number(packed.field('seq')) };
/** 16 bytes, a chunk, 100,000 bytes of another stretch, a chunk. */
const SKIPPED = 100_000;
const object = Buffer.concat([Buffer.alloc(16), packed.chunk, Buffer.alloc(SKIPPED), plain.chunk]);
const second = 16 + packed.chunk.length + SKIPPED;

describe('direct delivery', () => {
  let server: Server;
  let origin: string;
  /** What was asked for: paths, with the range of those of the store. */
  let asked: string[];
  let stored: Buffer;
  let status: number;
  let isStuck: boolean;
  /** What the application answers when it is asked for references. */
  let references: Buffer;
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);

  beforeEach(async () => {
    [asked, stored, status, isStuck] = [[], object, 206, false];
    warn.mockClear();
    server = createServer((request, response) => {
      const url = new URL(request.url!, origin);
      asked.push(url.pathname === '/store' ? `store ${request.headers.range}` : url.search);
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      if (url.pathname === '/store' && isStuck) {
        response.writeHead(206).write(stored.subarray(Number(from), Number(from) + 10));
        return;
      }
      response.writeHead(url.pathname === '/store' ? status : 200).end(
        url.pathname === '/store' ? stored.subarray(Number(from), Number(to) + 1)
          : url.searchParams.get('delivery') === 'direct' ? references
            : Buffer.concat([record({ ...names, encoding: 'identity', length: 3 }, Buffer.from('app')), end()]));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    references = refer({});
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function refer(object: object, chunk: object = {}): Buffer {
    return Buffer.concat([
      record({
        url: `${origin}/store`, offset: 16, length: second + plain.chunk.length - 16, chunkKey: base64('chunk-key'),
        commitment: base64('commitment'), ...object,
      }),
      record({ ...names, offset: 16, size: packed.chunk.length }),
      record({ ...names, seq: 9, problem: 'chunk-corrupt', title: 'Damaged.' }),
      record({ ...names, offset: second, size: plain.chunk.length, ...chunk }),
      end(true),
    ]);
  }

  async function ask(api = new Api(origin)): Promise<{ records: StreamRecord[]; more: boolean }> {
    const records = [];
    const answer = api.batches('s', ['stretch=x'], new AbortController().signal);
    for (let next = await answer.next(); ; next = await answer.next()) {
      if (next.done) {
        return { records, more: next.value };
      }
      records.push(next.value);
    }
  }

  test('chunks are read from the store in one request and opened; other records stay', async () => {
    const { records, more } = await ask();
    expect(more).toBe(true);
    expect(asked).toEqual(['?stretch=x&delivery=direct', `store bytes=16-${object.length - 1}`]);
    expect(records.map(({ head }) => head)).toEqual([
      { ...names, encoding: 'gzip', length: 249 }, { ...names, seq: 9, problem: 'chunk-corrupt', title: 'Damaged.' },
      { ...names, encoding: 'identity', length: 249 },
    ]);
    expect(Buffer.from(await gunzip(records[0]!.body)).equals(Buffer.from(records[2]!.body))).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });

  const broken: [string, () => void][] = [
    ['the store refuses', () => (status = 403)],
    ['the store knows no ranges', () => (status = 200)],
    ['the object ends early', () => (stored = object.subarray(0, object.length - 1))],
    ['a byte was changed', () => {
      stored = Buffer.from(object);
      stored[second + 170]! ^= 1;
    }],
    ['another chunk is there', () => (references = refer({}, { seq: 4 }))],
    ['the key is that of another session', () => (references = refer({ chunkKey: base64('digest-key') }))],
    ['the commitment is that of another session', () => (references = refer({ commitment: base64('nonce') }))],
    ['the store gets stuck', () => (isStuck = true)],
    ['the store is away', () => (references = refer({ url: 'http://127.0.0.1:1/store' }))],
  ];
  test.each(broken)('%s: the application is asked, now and from then on', async (_, breakIt) => {
    breakIt();
    const api = new Api(origin);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ticking = setInterval(() => vi.advanceTimersByTime(1000), 20);
    const { records, more } = await ask(api).finally(() => {
      clearInterval(ticking);
      vi.useRealTimers();
    });
    expect(more).toBe(false);
    expect(Buffer.from(records.at(-1)!.body).toString()).toBe('app');
    expect(warn).toHaveBeenCalledOnce();
    await ask(api);
    expect(asked.filter((query) => query === '?stretch=x&delivery=direct').length).toBe(1);
    expect(asked.slice(-2)).toEqual(['?stretch=x', '?stretch=x']);
  });
});
