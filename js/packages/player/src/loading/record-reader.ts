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
  const bytes = new Bytes(stream.getReader());
  try {
    for (;;) {
      const head = JSON.parse(new TextDecoder().decode(await bytes.part(MAX_HEAD))) as StreamRecord['head'];
      const body = await bytes.part(MAX_BODY);
      if (head['end'] === true) {
        return head['more'] === true;
      }
      yield { head, body };
    }
  } finally {
    bytes.cancel();
  }
}

/** The bytes of a stream, in parts of any length. */
class Bytes {
  private readonly pieces: Uint8Array[] = [];
  private available = 0;

  constructor(private readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  /** Reads a part behind its length. */
  async part(max: number): Promise<Uint8Array<ArrayBuffer>> {
    const length = new DataView((await this.take(LENGTH_SIZE)).buffer).getUint32(0);
    if (length > max) {
      throw new Error(`A record of ${length} bytes is too long.`);
    }
    return this.take(length);
  }

  cancel(): void {
    this.reader.cancel().catch(() => undefined);
  }

  private async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.available < length) {
      if (!(await this.pull())) {
        throw new Error('The stream broke off.');
      }
    }
    const taken = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const piece = this.pieces[0]!;
      const part = piece.subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === piece.length) {
        this.pieces.shift();
      } else {
        this.pieces[0] = piece.subarray(part.length);
      }
    }
    this.available -= length;
    return taken;
  }

  private async pull(): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.reader.read();
      if (done) {
        return false;
      }
      if (value.length > 0) {
        this.pieces.push(value);
        this.available += value.length;
        return true;
      }
    }
  }
}
