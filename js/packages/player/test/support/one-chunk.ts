import type { WindowInfo } from '../../src/data/types.ts';

/** A window with a single batch, which begins with a snapshot. */
export function oneChunk(from: number, to: number, events: number): WindowInfo {
  return {
    id: 'a', clockOffset: 0, from, to, url: null, title: null, closed: true, missing: [],
    chunks: [{ seq: 0, from, to, events, bytes: 1, snapshot: true }],
  };
}
