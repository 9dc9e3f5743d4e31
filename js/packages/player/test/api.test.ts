import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Api, type Waiting } from '../src/data/api.ts';
import { manifest, session, window } from './support/recordings.ts';
import { end, record } from './support/stream.ts';

const answers: (Response | Error)[] = [];
const waits: (Waiting | undefined)[] = [];
let asked = 0;
let urls: string[] = [];
const api = new Api('/replay', (waiting) => waits.push(waiting));
const problem = (status: number, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ code: 'blob-store-unavailable', title: 'The blob store is unavailable.', detail: 'Try again.' }), {
    status,
    headers,
  });

beforeEach(() => {
  vi.useFakeTimers();
  answers.length = waits.length = asked = 0;
  urls = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked++;
    urls.push(url);
    const answer = answers.shift()!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('Api', () => {
  test('503 is asked for again after the time that the server names, and what is unavailable is reported', async () => {
    answers.push(problem(503, { 'Retry-After': '7' }), new Response(JSON.stringify(manifest([window('a', 0, 9)]))));
    const loading = api.manifest('s');
    await vi.advanceTimersByTimeAsync(6900);
    expect(asked).toBe(1);
    expect(waits).toMatchObject([{ seconds: 7, problem: { title: 'The blob store is unavailable.', status: 503 } }]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await loading).toMatchObject({ windows: [{ id: 'a' }] });
    expect([asked, waits.at(-1)]).toEqual([2, undefined]);
  });

  test.each([['3600', 30], ['0', 0.5], ['soon', 1]])('Retry-After: %s waits %d s', async (header, seconds) => {
    answers.push(problem(503, { 'Retry-After': header }), new Response(JSON.stringify(manifest([window('a', 0, 9)]))));
    const loading = api.manifest('s');
    await vi.advanceTimersByTimeAsync(seconds * 1000 + 1);
    await loading;
    expect(waits[0]).toMatchObject({ seconds });
  });

  test('a server that cannot be reached is tried again; after the last attempt that is the problem', async () => {
    answers.push(...Array.from({ length: 4 }, () => new TypeError('Failed to fetch')));
    const loading = api.manifest('s').catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await loading).toMatchObject({ status: 0, code: 'unreachable' });
    expect(asked).toBe(4);
  });

  test.each([401, 403, 404, 410, 500])('%d is not tried again', async (status) => {
    answers.push(problem(status));
    await expect(api.manifest('s')).rejects.toMatchObject({ status, code: 'blob-store-unavailable' });
    expect(asked).toBe(1);
  });

  test('the pages of a manifest are one: a window that goes on is one window', async () => {
    const chunk = (seq: number) => ({ seq, from: seq, to: seq, events: 1, bytes: 1, snapshot: false, active: null });
    const part = (id: string, seqs: number[]) => ({
      id,
      clockOffset: 0,
      from: seqs[0]!,
      to: seqs.at(-1)!,
      url: `/${seqs[0]}`,
      title: null,
      closed: true,
      chunks: seqs.map(chunk),
      missing: [[seqs[0]!, seqs[0]!] as [number, number]],
    });
    const marker = (time: number) => ({ time, window: 'a', kind: 'click', label: '' });
    const pages = [
      { ...manifest([part('a', [0, 1])]), markers: [marker(5)], nextCursor: 'a.1' },
      { ...manifest([part('a', [2, 3]), part('b', [1])]), markers: [marker(2)], markersTruncated: true },
    ];
    answers.push(...pages.map((page) => new Response(JSON.stringify({ ...page, session: session({ chunks: 5 }) }))));
    const whole = await api.manifest('s');
    expect(asked).toBe(2);
    expect(whole).toMatchObject({ nextCursor: null, markersTruncated: true, markers: [{ time: 2 }, { time: 5 }], session: { chunks: 5 } });
    expect(whole.windows).toMatchObject([
      {
        id: 'a',
        from: 0,
        to: 3,
        url: '/0',
        missing: [
          [0, 0],
          [2, 2],
        ],
        chunks: [{ seq: 0 }, { seq: 1 }, { seq: 2 }, { seq: 3 }],
      },
      { id: 'b', from: 1, to: 1 },
    ]);
  });

  test('all requests of a view carry the ticket of its manifest', async () => {
    const viewed = new Api('/replay');
    answers.push(
      new Response(JSON.stringify({ ...manifest([window('a', 0, 9)]), view: 't/1' })), new Response(end()), new Response(end()),
      new Response('{}'));
    await viewed.manifest('s');
    await viewed.batches('s', ['stretch=a.0-3', 'stretch=b.7-7'], new AbortController().signal).next();
    await viewed.assets('s', ['aa', 'bb']).next();
    await viewed.detail('s');
    expect(urls).toEqual([
      '/replay/s/manifest?', '/replay/s/batches?stretch=a.0-3&stretch=b.7-7&view=t%2F1&delivery=direct', '/replay/s/assets?hash=aa&hash=bb&view=t%2F1',
      '/replay/s?&view=t%2F1',
    ]);
  });

  test('records are read as they come, however the bytes are cut', async () => {
    const all = [record({ seq: 1 }, Buffer.from('one')), record({ seq: 2 }), record({ seq: 3 }, Buffer.alloc(5000, 7)), end(true)];
    const bytes = Buffer.concat(all);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 3) }, (_, i) => bytes.subarray(i * 3, i * 3 + 3));
    answers.push(new Response(new ReadableStream({
      pull: (controller) => pieces.length > 0 ? controller.enqueue(pieces.shift()) : controller.close(),
    })));
    const records = api.batches('s', [], new AbortController().signal);
    const seen = [];
    let next = await records.next();
    for (; !next.done; next = await records.next()) {
      seen.push([next.value.head['seq'], next.value.body.length]);
    }
    expect(seen).toEqual([[1, 3], [2, 0], [3, 5000]]);
    expect(next.value).toBe(true);
  });

  test.each([
    ['breaks off', record({ seq: 1 }, Buffer.from('one')).subarray(0, 10)],
    ['has no end', record({ seq: 1 })],
    ['has a record that is too long', Buffer.from([0xff, 0xff, 0xff, 0xff, 1])],
    ['has a head that is not JSON', Buffer.from([0, 0, 0, 1, 0x7b, 0, 0, 0, 0])],
  ])('a stream that %s is an error', async (_, bytes) => {
    answers.push(new Response(bytes));
    const records = api.batches('s', [], new AbortController().signal);
    await expect((async () => {
      while (!(await records.next()).done) {
        // Up to the error.
      }
    })()).rejects.toThrow(Error);
  });
});
