/** Bytes that grow, and the numbers of a DOM block (docs/format/v1.md, section 2.4). */
export class ByteWriter {
  private bytes = new Uint8Array(32);
  length = 0;

  byte(value: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = value;
  }

  /** Writes an integer from 0 to 2^55 in groups of seven bits, the lowest first. */
  number(value: number): void {
    while (value >= 128) {
      this.byte((value % 128) | 128);
      value = Math.floor(value / 128);
    }
    this.byte(value);
  }

  /** Writes an integer that may be negative: twice its absolute value, plus 1 if it is. */
  signed(value: number): void {
    const absolute = Math.abs(value);
    const sign = value < 0 ? 1 : 0;
    if (absolute < 2 ** 52) {
      this.number(2 * absolute + sign);
    } else {
      // Twice of it is more than a number holds.
      this.byte((absolute % 64) * 2 + sign + 128);
      this.number(Math.floor(absolute / 64));
    }
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}
