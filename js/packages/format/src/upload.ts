import { idToBytes } from './ids.ts';

const MAGIC = [0x53, 0x52, 0x55, 0x31];
const SIZE = 20;
const LENGTH_SIZE = 4;

/** The most batches of an upload. */
export const MAX_UPLOAD_BATCHES = 16;

/**
 * Puts the session's secret (32 hex digits) in front of a content (docs/format/v1.md, section 2.1). Without content it is the request to
 * forget the session.
 */
export function frameUpload(secret: string, content: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const upload = new Uint8Array(SIZE + content.length);
  upload.set(MAGIC);
  upload.set(idToBytes(secret), MAGIC.length);
  upload.set(content, SIZE);
  return upload;
}

/** Frames batches, each behind its length. */
export function frameBatches(secret: string, batches: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const list = new Uint8Array(batches.reduce((sum, { length }) => sum + LENGTH_SIZE + length, 0));
  const view = new DataView(list.buffer);
  let at = 0;
  for (const batch of batches) {
    view.setUint32(at, batch.length);
    list.set(batch, at + LENGTH_SIZE);
    at += LENGTH_SIZE + batch.length;
  }
  return frameUpload(secret, list);
}
