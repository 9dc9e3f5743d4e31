import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../src/data/chunk-events.ts';
import { Assets } from '../src/loading/assets.ts';
import { readChunk } from '../src/loading/read-chunk.ts';
import { batch, change, chunk, dom, log, page, window } from './support/recordings.ts';

const aWindow = { ...window('a', 0, 1000), clockOffset: 50 };
const held = (bytes: Uint8Array<ArrayBuffer>, encoding = 'identity') => ({ bytes, encoding, length: bytes.length, from: 0 });

describe('reading a chunk', () => {
  test('gives DOM events as they are and other events, on the server’s clock', async () => {
    const bytes = batch([...page(100, 'hello'), change(101, 'bye'), log(102, 'warn', 'careful')]);
    for (const of of [held(bytes), { ...held(new Uint8Array(gzipSync(bytes)), 'gzip'), length: bytes.length }]) {
      const { page: read, other } = await readChunk(of, aWindow, chunk(0, 0, 1000));
      expect(readEvents(read).map((e) => e.timestamp)).toEqual([150, 150, 151]);
      expect(other.map((e) => [e.time, e.console?.args[0]])).toEqual([[152, 'careful']]);
    }
  });

  test.each([2 ** 53 - 1, 1])('an event dated %d comes to lie within its chunk', async (time) => {
    const bytes = batch([change(500, 'now'), change(time, 'far'), log(time, 'log', 'far')]);
    const { page: read, other } = await readChunk(held(bytes), aWindow, chunk(0, 500, 600));
    for (const at of [...readEvents(read).map((e) => e.timestamp), ...other.map((e) => e.time)]) {
      expect(at).toBeGreaterThanOrEqual(500);
      expect(at).toBeLessThanOrEqual(600);
    }
  });

  test.each([
    ['no batch', held(new Uint8Array([255, 255, 255, 255]))],
    ['cut off', held(batch(page(100, 'hello')).slice(0, 200))],
    ['of another length', { ...held(batch(page(100, 'hello'))), length: 7 }],
    ['a block that is cut off', held(batch([], 0, new Uint8Array([1, 2])))],
    ['no gzip member', held(new Uint8Array([0x1f, 0x8b, 1, 2, 3]), 'gzip')],
  ])('bytes that are %s are an error', async (_, of) => {
    await expect(readChunk(of, aWindow, chunk(0, 0, 1000)).then(({ page: read }) => readEvents(read))).rejects.toThrow(Error);
  });
});

/** A block with a page that names assets. */
const naming = async (...names: string[]): Promise<Uint8Array> => {
  const _cssText = names.map((hash) => `sr-asset:${hash}`).join(' ');
  const style = { type: 2, tagName: 'style', attributes: { _cssText }, childNodes: [], id: 2 };
  const event = dom(1, 3, { source: 0, texts: [], attributes: [], removes: [], adds: [{ parentId: 1, nextId: null, node: style }] });
  return (await readChunk(held(batch([event])), aWindow, chunk(0, 0, 1000))).page.block;
};
const name = (digit: number): string => String(digit).repeat(64);

describe('assets', () => {
  test('are asked for many at a time, each once, and those that a stylesheet names too', async () => {
    const asked: string[][] = [];
    const assets = new Assets(async function* (hashes) {
      asked.push(hashes);
      for (const asset of hashes.filter((hash) => hash !== name(4))) {
        const type = asset === name(1) ? 'text/css; charset=utf-8' : asset === name(5) ? 'text/html' : 'image/png';
        const body = new Uint8Array(Buffer.from(`p { background: url("sr-asset:${name(3)}") }`));
        yield { head: { asset, type, encoding: 'identity' }, body };
      }
      return false;
    });
    const found = await assets.namedIn(await naming(name(1), name(2), name(4), name(5)));
    expect([...found.sheets.keys()]).toEqual([name(1)]);
    expect([...found.assets.keys()]).toEqual([name(2), name(3)]);
    expect(asked).toEqual([[name(1), name(2), name(4), name(5)], [name(3)]]);
    await assets.namedIn(await naming(name(2), name(1)));
    expect(asked).toHaveLength(2);
    // What was not there may have come.
    await assets.namedIn(await naming(name(4)));
    expect(asked.at(-1)).toEqual([name(4)]);
  });

  test('stylesheets are kept within a bound, the ones not used for longest go first', async () => {
    const asked: string[] = [];
    const assets = new Assets(async function* (hashes) {
      asked.push(...hashes.map((hash) => hash[0]!));
      for (const asset of hashes) {
        const body = new Uint8Array(Buffer.from(`p{top:${asset[0]}px}`.padEnd(1000)));
        yield { head: { asset, type: 'text/css', encoding: 'identity' }, body };
      }
      return false;
    }, 1, 2500);
    for (const seq of [0, 1, 4, 5, 2, 9, 8]) {
      const { sheets } = await assets.namedIn(await naming(name(seq % 4)));
      expect(new TextDecoder().decode(sheets.get(name(seq % 4)))).toContain(`top:${seq % 4}px`);
    }
    // 0 and 1 are kept until 2 comes, for which 0 goes.
    expect(asked).toEqual(['0', '1', '2', '0']);
  });

  test('an answer that ends early is asked for again; one that fails leaves the page plainer', async () => {
    const asked: string[][] = [];
    const assets = new Assets(async function* (hashes) {
      asked.push(hashes);
      if (asked.length === 3) {
        throw new Error('The stream broke off.');
      }
      yield { head: { asset: hashes[0]!, type: 'image/png', encoding: 'identity' }, body: new Uint8Array(1) };
      return true;
    });
    const found = await assets.namedIn(await naming(name(1), name(2), name(3)));
    expect([...found.assets.keys()]).toEqual([name(1), name(2)]);
    expect(asked).toEqual([[name(1), name(2), name(3)], [name(2), name(3)], [name(3)]]);
  });
});
