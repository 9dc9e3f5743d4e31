import { idToBytes } from './ids.ts';

const MAGIC = [0x53, 0x52, 0x55, 0x31];
const SIZE = 20;

/**
 * Puts the session's secret (32 hex digits) in front of a batch (docs/format/v1.md, section 2.1). Without a batch it is the request to
 * forget the session.
 */
export function frameUpload(secret: string, batch: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const upload = new Uint8Array(SIZE + batch.length);
  upload.set(MAGIC);
  upload.set(idToBytes(secret), MAGIC.length);
  upload.set(batch, SIZE);
  return upload;
}
