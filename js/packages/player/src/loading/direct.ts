import { importChunkKey, openChunk, type ChunkKey } from '@session-replay/format';
import { ByteReader } from './byte-reader.ts';
import type { Records, StreamRecord } from './record-reader.ts';

/** An object could not be read, or not opened: what it holds is then asked of the application, which says what is the matter. */
export class DirectFailed extends Error {}

/** What a record says of the object that the records behind it refer to. */
interface StoredObject {
  url: string;
  offset: number;
  length: number;
  chunkKey: string;
  commitment: string;
}

/** How long the store may send nothing. */
const STALL_MS = 10_000;

/** Whether this context can open what is sealed: browsers offer that on `https://` and on this machine. */
export const canOpen = typeof crypto === 'object' && 'subtle' in crypto;

/**
 * Replaces records that refer to an object (docs/http-api.md, "Direct delivery") by the chunks that they refer to, read in one request and
 * opened.
 * @throws DirectFailed The object could not be read or opened.
 */
export async function* openDirect(records: Records, signal?: AbortSignal): Records {
  let object: ObjectReader | undefined;
  try {
    for (;;) {
      const next = await records.next();
      if (next.done) {
        return next.value;
      }
      const { head } = next.value;
      if ('chunkKey' in head) {
        object = new ObjectReader(head as unknown as StoredObject, signal);
      } else {
        yield object && 'offset' in head ? await object.read(head) : next.value;
      }
    }
  } finally {
    object?.cancel();
    await records.return(false);
  }
}

/** Reads the chunks of an object from front to back. */
class ObjectReader {
  private readonly bytes: Promise<ByteReader>;
  private readonly key: Promise<ChunkKey>;
  private readonly stalling = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private position: number;

  constructor(private readonly object: StoredObject, private readonly signal?: AbortSignal) {
    this.position = object.offset;
    this.key = importChunkKey(fromBase64(object.chunkKey), fromBase64(object.commitment));
    this.bytes = this.open();
    // Whoever reads first meets its error.
    this.bytes.catch(() => undefined);
  }

  async read({ window, seq, offset, size }: StreamRecord['head']): Promise<StreamRecord> {
    try {
      const bytes = await this.bytes;
      await bytes.skip(Number(offset) - this.position);
      const chunk = await bytes.take(Number(size));
      this.position = Number(offset) + chunk.length;
      const { header, payload } = await openChunk(chunk, await this.key);
      if (header.window !== window || header.seq !== seq) {
        throw new Error('The object holds another chunk there.');
      }
      return {
        head: { window, seq, encoding: header.compression === 1 ? 'gzip' : 'identity', length: header.batchLength }, body: payload,
      };
    } catch (error) {
      throw this.signal?.aborted ? error : new DirectFailed('The recording could not be read from the store.', { cause: error });
    }
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.stalling.abort();
    void this.bytes.then((bytes) => bytes.cancel(), () => undefined);
  }

  private async open(): Promise<ByteReader> {
    const { url, offset, length } = this.object;
    this.moved();
    const response = await fetch(url, {
      headers: { Range: `bytes=${offset}-${offset + length - 1}` }, credentials: 'omit', referrerPolicy: 'no-referrer',
      signal: AbortSignal.any([this.stalling.signal, ...(this.signal ? [this.signal] : [])]),
    });
    if (response.status !== 206) {
      await response.body?.cancel();
      throw new Error(`The store answered ${response.status} and not 206.`);
    }
    return new ByteReader(response.body!.pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (piece, controller) => {
        this.moved();
        controller.enqueue(piece);
      },
    })).getReader());
  }

  /** Something has come. */
  private moved(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.stalling.abort(new Error('The store sent nothing for too long.')), STALL_MS);
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
