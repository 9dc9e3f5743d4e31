import { PbfReader, PbfWriter } from 'pbf';
import { readEventBatch, writeEventBatch } from './generated/event_batch.js';
import { FormatRejected } from './reject.ts';
import type { EventBatch } from './wire.ts';

const utf8 = new TextEncoder();

/** Writes texts as the browser encodes them: pbf writes U+20000 as U+10000, and so all characters of each second plane. */
class Utf8Writer extends PbfWriter {
  override writeString(text: string): void {
    this.writeBytes(utf8.encode(text));
  }
}

/** Encodes a batch (docs/format/v1.md, section 2). */
export function encodeBatch(batch: EventBatch): Uint8Array<ArrayBuffer> {
  const writer = new Utf8Writer();
  writeEventBatch(batch, writer);
  return writer.finish() as Uint8Array<ArrayBuffer>;
}

/** Decodes a batch (rule B1). */
export function decodeBatch(bytes: Uint8Array): EventBatch {
  const reader = new PbfReader(bytes);
  let batch: EventBatch | undefined;
  try {
    batch = readEventBatch(reader);
  } catch {
    // Not a message; or a length runs past the end, which pbf reads as zeros where it is short.
  }
  if (!batch || reader.pos !== bytes.length) {
    throw new FormatRejected('B1', 'The batch is not a well-formed message.');
  }
  return batch;
}
