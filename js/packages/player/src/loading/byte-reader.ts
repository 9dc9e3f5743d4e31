/** How many bytes are left out at a time. */
const STEP = 64 * 1024;

/** The bytes of a stream, in parts of any length. */
export class ByteReader {
  private readonly pieces: Uint8Array[] = [];
  private available = 0;

  constructor(private readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  cancel(): void {
    this.reader.cancel().catch(() => undefined);
  }

  /** @throws Error The stream ends before. */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
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

  /** Leaves bytes out. */
  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; left -= STEP) {
      await this.take(Math.min(left, STEP));
    }
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
