import { bytesToHex, decodeBatch, gunzip, type EventBatch } from '@session-replay/format';

/** Reads the frame of an upload of batches, and the batches (docs/format/v1.md, section 2.1). */
export async function readUpload(upload: Uint8Array<ArrayBuffer>): Promise<{ secret: string; batches: EventBatch[] }> {
  const view = new DataView(upload.buffer, upload.byteOffset, upload.byteLength);
  const batches: EventBatch[] = [];
  for (let at = 20; at < upload.length; at += 4 + view.getUint32(at)) {
    batches.push(decodeBatch(await gunzip(upload.slice(at + 4, at + 4 + view.getUint32(at)))));
  }
  return { secret: secretOf(upload), batches };
}

/** Reads the secret of an upload. */
export function secretOf(upload: Uint8Array): string {
  if (new TextDecoder().decode(upload.subarray(0, 4)) !== 'SRU1') {
    throw new Error('not an upload');
  }
  return bytesToHex(upload.subarray(4, 20));
}
