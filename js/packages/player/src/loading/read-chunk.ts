import { decodeBatch, gunzip, readDomTimes, type WireEvent } from '@session-replay/format';
import type { ChunkEvents } from '../data/chunk-events.ts';
import type { HeldBatch } from './held-batches.ts';
import type { KnownWindow } from './stretches.ts';

/** What a batch holds. Times are on the server's clock. */
export interface ChunkContent {
  page: Pick<ChunkEvents, 'block' | 'times'>;
  other: WireEvent[];
}

/** Unpacks and decodes a batch. */
export async function readChunk(
  { bytes, encoding, length }: HeldBatch,
  { clockOffset }: KnownWindow,
  chunk: KnownWindow['chunks'][number],
): Promise<ChunkContent> {
  const batch = encoding === 'gzip' ? await gunzip(bytes) : bytes;
  if (batch.length !== length) {
    throw new Error('This part of the recording has another length than it should have.');
  }
  // A page can claim any time; those outside of the chunk's own are read as its nearest bound (docs/format/v1.md, section 2.3).
  const clamp = (time: number) => Math.min(Math.max(time + clockOffset, chunk.from), chunk.to);
  const { dom_events, events } = decodeBatch(batch);
  return {
    page: {
      // A copy: a part of a larger buffer would be handed over with all of it.
      block: new Uint8Array(dom_events ?? []),
      times: Float64Array.from(dom_events ? readDomTimes(dom_events) : [], clamp),
    },
    other: events.map((event) => ({ ...event, time: clamp(event.time) })),
  };
}
