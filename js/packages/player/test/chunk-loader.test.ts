import { describe, expect, test } from 'vitest';
import type { Api } from '../src/data/api.ts';
import { ApiProblem } from '../src/data/api-problem.ts';
import { ChunkError } from '../src/data/chunk-error.ts';
import { Assets } from '../src/data/assets.ts';
import { ChunkLoader, type LoadedChunk } from '../src/data/chunk-loader.ts';
import { readEvents, type DomEvent } from '../src/data/chunk-events.ts';
import { Superseded } from '../src/data/work-queue.ts';
import { batch, change, chunk, log, page, window } from './support/recordings.ts';

const aWindow = { ...window('a', 0, 1000), clockOffset: 50 };
const aChunk = (seq: number) => chunk(seq, seq * 10, seq * 10 + 9);

/** An API that answers on demand. */
class SlowApi {
  readonly asked: string[] = [];
  private readonly open = new Map<string, { resolve: (bytes: Uint8Array) => void; reject: (error: unknown) => void }>();

  chunk(_: string, id: string, seq: number): Promise<Uint8Array> {
    this.asked.push(`${id}/${seq}`);
    return new Promise((resolve, reject) => this.open.set(`${id}/${seq}`, { resolve, reject }));
  }

  answer(seq: number, bytes = batch([log(seq * 10, 'log', 'x'.repeat(1000))])): void {
    this.open.get(`a/${seq}`)!.resolve(bytes);
  }

  refuse(seq: number, error: unknown): void {
    this.open.get(`a/${seq}`)!.reject(error);
  }
}

function create(maxBytes?: number): { api: SlowApi; loader: ChunkLoader; loaded: LoadedChunk[] } {
  const api = new SlowApi();
  const loaded: LoadedChunk[] = [];
  return { api, loaded, loader: new ChunkLoader(api as unknown as Api, 's', (c) => loaded.push(c), maxBytes) };
}

describe('ChunkLoader', () => {
  test('gives DOM events as they are and other events, on the server’s clock, and loads each chunk once', async () => {
    const { api, loader, loaded } = create();
    const whole = chunk(0, 0, 1000);
    const first = loader.load(aWindow, whole);
    const again = loader.load(aWindow, whole);
    api.answer(0, batch([...page(100, 'hello'), change(101, 'bye'), log(102, 'warn', 'careful')]));
    expect(readEvents((await first).page).map((e) => e.timestamp)).toEqual([150, 150, 151]);
    expect((await again).other.map((e) => [e.time, e.console?.args[0]])).toEqual([[152, 'careful']]);
    expect(api.asked).toEqual(['a/0']);
    expect(loaded).toHaveLength(1);
  });

  test.each([2 ** 53 - 1, 1])('an event dated %d comes to lie within its chunk', async (time) => {
    const { api, loader } = create();
    const loading = loader.load(aWindow, chunk(0, 500, 600));
    api.answer(0, batch([change(500, 'now'), change(time, 'far'), log(time, 'log', 'far')]));
    const loaded = await loading;
    for (const at of [...readEvents(loaded.page).map((e) => e.timestamp), ...loaded.other.map((e) => e.time)]) {
      expect(at).toBeGreaterThanOrEqual(500);
      expect(at).toBeLessThanOrEqual(600);
    }
  });

  test('forgets the chunks not used for longest: however many are loaded, the memory is bounded', async () => {
    const { api, loader } = create(5000);
    for (let seq = 0; seq < 50; seq++) {
      const loading = loader.load(aWindow, aChunk(seq));
      api.answer(seq);
      await loading;
      expect(loader.bytes).toBeLessThanOrEqual(5000);
    }
    void loader.load(aWindow, aChunk(49));
    void loader.load(aWindow, aChunk(0));
    expect(api.asked).toHaveLength(51);
    expect(api.asked.at(-1)).toBe('a/0');
  });

  test('what the viewer waits for goes before what is loaded for later, the newest first; a place is kept free for it', async () => {
    const { api, loader } = create();
    const later = [0, 1, 2, 3, 4, 5, 6].map((seq) => loader.load(aWindow, aChunk(seq), 'later'));
    expect(api.asked).toEqual(['a/0', 'a/1', 'a/2', 'a/3']);
    void loader.load(aWindow, aChunk(20));
    void loader.load(aWindow, aChunk(21));
    void loader.load(aWindow, aChunk(22));
    expect(api.asked.slice(4)).toEqual(['a/20']);
    api.answer(0);
    await later[0];
    await Promise.resolve();
    expect(api.asked.slice(5)).toEqual(['a/22']);
  });

  test('a seek gives up what has not begun; it can be asked for again', async () => {
    const { api, loader } = create();
    const all = Array.from({ length: 8 }, (_, seq) => loader.load(aWindow, aChunk(seq)));
    loader.drop();
    await Promise.all([5, 6, 7].map((i) => expect(all[i]).rejects.toBeInstanceOf(Superseded)));
    [0, 1, 2, 3, 4].forEach((seq) => api.answer(seq));
    await Promise.all(all.slice(0, 5));
    const again = loader.load(aWindow, aChunk(7));
    api.answer(7);
    expect((await again).seq).toBe(7);
  });

  test.each([
    ['gone', new ApiProblem(410, 'session-deleted', 'Deleted.', ''), true],
    ['damaged in the store', new ApiProblem(500, 'chunk-corrupt', 'Damaged.', ''), true],
    ['not there', new ApiProblem(404, 'not-found', 'Not there.', ''), true],
    ['out', new ApiProblem(503, 'blob-store-unavailable', 'Out.', ''), false],
    ['not signed in', new ApiProblem(401, '', 'Sign in.', ''), false],
    ['not allowed', new ApiProblem(403, '', 'No.', ''), false],
    ['no way to the server', new ApiProblem(0, 'unreachable', 'No way.', ''), false],
  ])('a chunk that is %s: %o', async (_, problem, isLost) => {
    const { api, loader } = create();
    const loading = loader.load(aWindow, aChunk(3));
    api.refuse(3, problem);
    const error = await loading.catch((e: unknown) => e as ChunkError);
    expect(error).toMatchObject({ window: 'a', seq: 3, isLost, reason: problem.title });
  });

  test.each([
    ['no batch', new Uint8Array([255, 255, 255, 255])],
    ['cut off', batch(page(100, 'hello')).slice(0, 200)],
    ['a block that is cut off', batch([], 0, new Uint8Array([1, 2]))],
  ])('bytes that are %s are a lost chunk', async (_, bytes) => {
    const { api, loader } = create();
    const loading = loader.load(aWindow, aChunk(3));
    api.answer(3, bytes);
    const error = await loading.catch((e: unknown) => e as ChunkError);
    expect(error).toBeInstanceOf(ChunkError);
    expect(error).toMatchObject({ isLost: true });
  });

  test('stylesheets are kept within a bound, the ones not used for longest go first', async () => {
    const asked: string[] = [];
    const sheetOf = (seq: number): string => String(seq % 4).repeat(64);
    const styled = (seq: number): DomEvent => ({
      type: 3,
      timestamp: 1,
      data: {
        source: 0,
        texts: [],
        attributes: [],
        removes: [],
        adds: [
          {
            parentId: 1,
            nextId: null,
            node: { type: 2, tagName: 'style', attributes: { _cssText: `sr-asset:${sheetOf(seq)}` }, childNodes: [], id: 2 },
          },
        ],
      },
    });
    const api = {
      asset: (_: string, hash: string) => {
        asked.push(hash[0]!);
        return Promise.resolve(`p{top:${hash[0]}px}`.padEnd(1000));
      },
    };
    const assets = new Assets(api as unknown as Api, 's', 1, 2500);
    for (const seq of [0, 1, 4, 5, 2, 9, 8]) {
      expect((await assets.namedIn([styled(seq)])).sheets.get(sheetOf(seq))).toContain(`top:${seq % 4}px`);
    }
    // 0 and 1 are kept until 2 comes, for which 0 goes.
    expect(asked).toEqual(['0', '1', '2', '0']);
  });
});
