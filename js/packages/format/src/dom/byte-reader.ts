import { FormatRejected } from '../reject.ts';

/** Reads the numbers of a DOM block (docs/format/v1.md, section 2.4). */
export class ByteReader {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  number(): number {
    const first = this.byte();
    if (first < 128) {
      return first;
    }
    let value = first & 127;
    for (let place = 128; place <= 2 ** 49; place *= 128) {
      const byte = this.byte();
      value += (byte & 127) * place;
      if (byte < 128) {
        return value;
      }
    }
    throw new FormatRejected('D1', 'A number has more than eight bytes.');
  }

  /** Reads a number of things of which each takes at least one byte. */
  count(max: number): number {
    const count = this.number();
    if (count > max || count > this.bytes.length) {
      throw new FormatRejected('D2', `A count of ${count} is above the limit.`);
    }
    return count;
  }

  signed(): number {
    const first = this.byte();
    // Read in two pieces: twice a time may be more than a number holds.
    const absolute = ((first & 127) >> 1) + (first < 128 ? 0 : 64 * this.number());
    return (first & 1) === 1 ? -absolute : absolute;
  }

  /** Moves on, and returns where the bytes begin that are skipped. */
  skip(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) {
      throw new FormatRejected('D1', 'The block is cut short.');
    }
    this.at = start + length;
    return start;
  }

  private byte(): number {
    if (this.at === this.bytes.length) {
      throw new FormatRejected('D1', 'The block is cut short.');
    }
    return this.bytes[this.at++]!;
  }
}
