import { gzip } from '@session-replay/format';
import type { RecordedEvent } from '../events.ts';
import { encode } from './encode.ts';
import type { Cut } from './protocol.ts';
import type { StoredBatch } from './stored-batch.ts';

interface Raw {
  cut: Cut;
  events: RecordedEvent[];
}

/** Writes a batch as a page can that goes before it has loaded what encodes one. */
export function toRaw(cut: Cut, events: RecordedEvent[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ cut, events } satisfies Raw));
}

/** Encodes what an earlier page has left in this form. */
export async function encodeRaw({ isRaw, ...batch }: StoredBatch): Promise<StoredBatch> {
  if (!isRaw) {
    return batch;
  }
  const { cut, events } = JSON.parse(new TextDecoder().decode(batch.bytes)) as Raw;
  return { ...batch, bytes: await gzip(encode(batch, cut, events)) };
}
