import { PbfReader, PbfWriter } from 'pbf';
import { readEventBatch, writeEventBatch } from './generated/event_batch.js';
import type { EventBatch } from './wire.ts';

/** Encodes a batch (docs/format/v1.md, section 2). */
export function encodeBatch(batch: EventBatch): Uint8Array<ArrayBuffer> {
  const writer = new PbfWriter();
  writeEventBatch(batch, writer);
  return writer.finish() as Uint8Array<ArrayBuffer>;
}

/** Decodes a batch. Throws on bytes that are not a batch. */
export function decodeBatch(bytes: Uint8Array): EventBatch {
  return readEventBatch(new PbfReader(bytes));
}
