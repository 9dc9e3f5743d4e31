import { describe, expect, test } from 'vitest';
import { KnownChunks } from '../src/loading/stretches.ts';
import { chunk } from './support/recordings.ts';

const MB = 1024 * 1024;

/** Two windows of batches of 100 KB: numbers 0 to 29 without 7, and 0 to 9. */
function known(): KnownChunks {
  const chunks = new KnownChunks();
  const list = (numbers: number[], start: number) =>
    numbers.map((seq) => ({ ...chunk(seq, start + seq, start + seq + 1), bytes: 104_858 }));
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  chunks.know([
    { id: 'a', clockOffset: 0, chunks: list(numbers(30).filter((seq) => seq !== 7), 0) },
    { id: 'b', clockOffset: 0, chunks: list(numbers(10), 1000) },
  ]);
  return chunks;
}

describe('a request', () => {
  test.each([
    ['asks for what is wanted, and what is played after it up to the budget', ['a/0'], [], 1, ['a.0-10']],
    ['goes on with the next page', ['a/28'], [], 1, ['a.28-29', 'b.0-7']],
    ['ends with the session', ['b/8'], [], 1, ['b.8-9']],
    ['asks for nothing that is there', ['a/0'], ['a/1', 'a/4'], 0.5, ['a.0-0', 'a.2-3', 'a.5-6']],
    ['takes the wanted in their order, and first', ['b/3', 'a/2', 'a/1'], [], 0.3, ['a.1-2', 'b.3-3']],
    ['for one batch asks for it however large it is', ['a/3'], [], 0, []],
    ['a batch that is not known is not asked for', ['c/1'], [], 1, []],
  ])('%s', (_, wanted, there, budget, stretches) => {
    const plan = known().plan(wanted, (key) => there.includes(key), budget * MB || 1);
    expect(plan.query).toEqual((stretches.length > 0 || wanted[0] === 'c/1' ? stretches : ['a.3-3']).map((text) => `stretch=${text}`));
  });

  test('stays within the server’s bounds', () => {
    const chunks = new KnownChunks();
    chunks.know(Array.from({ length: 100 }, (_, i) => ({
      id: `w${i}`, clockOffset: 0, chunks: Array.from({ length: 50 }, (_, seq) => ({ seq, from: i * 100 + seq, to: 0, bytes: 1 })),
    })));
    const plan = chunks.plan(['w0/0'], () => false, MB);
    expect([plan.query.length, plan.keys.size]).toEqual([20, 1000]);
    expect(chunks.plan(['w0/0'], (key) => !key.endsWith('/0'), MB).query).toHaveLength(32);
  });
});
