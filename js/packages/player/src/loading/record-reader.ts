import { ByteReader } from './byte-reader.ts';

/** A record of a stream (docs/http-api.md, "Streams"). */
export interface StreamRecord {
  head: Readonly<Record<string, unknown>>;
  body: Uint8Array<ArrayBuffer>;
}

/** The records of an answer; in the end, whether there is more to ask for. */
export type Records = AsyncGenerator<StreamRecord, boolean, void>;

const LENGTH_SIZE = 4;
const MAX_HEAD = 64 * 1024;
const MAX_BODY = 64 * 1024 * 1024;

/**
 * Reads the records of a stream as they arrive.
 * @throws Error The stream breaks off, or a record is too long or has no valid head.
 */
export async function* readRecords(stream: ReadableStream<Uint8Array>): Records {
  const bytes = new ByteReader(stream.getReader());
  try {
    for (;;) {
      const head = JSON.parse(new TextDecoder().decode(await part(bytes, MAX_HEAD))) as StreamRecord['head'];
      const body = await part(bytes, MAX_BODY);
      if (head['end'] === true) {
        return head['more'] === true;
      }
      yield { head, body };
    }
  } finally {
    bytes.cancel();
  }
}

/** Reads a part behind its length. */
async function part(bytes: ByteReader, max: number): Promise<Uint8Array<ArrayBuffer>> {
  const length = new DataView((await bytes.take(LENGTH_SIZE)).buffer).getUint32(0);
  if (length > max) {
    throw new Error(`A record of ${length} bytes is too long.`);
  }
  return bytes.take(length);
}
