/** A batch as it came: compressed, as the browser of its visitor has sent it. */
export interface HeldBatch {
  bytes: Uint8Array<ArrayBuffer>;
  encoding: string;
  /** Its size in bytes, unpacked. */
  length: number;
  /** The time of its first event. */
  from: number;
}

/** Holds batches within a bound: those furthest from where the viewer is go first. */
export class HeldBatches {
  /** The moment that the viewer looks at. */
  focus = 0;
  private readonly batches = new Map<string, HeldBatch>();
  private total = 0;

  constructor(private readonly maxBytes: number) {}

  /** Bytes that are held. */
  get bytes(): number {
    return this.total;
  }

  get(key: string): HeldBatch | undefined {
    return this.batches.get(key);
  }

  has(key: string): boolean {
    return this.batches.has(key);
  }

  /** Holds a batch. One that is alone larger than the bound is held all the same. */
  add(key: string, batch: HeldBatch): void {
    this.delete(key);
    this.batches.set(key, batch);
    this.total += batch.bytes.length;
    while (this.total > this.maxBytes && this.batches.size > 1) {
      this.delete(this.furthest());
    }
  }

  delete(key: string): void {
    this.total -= this.batches.get(key)?.bytes.length ?? 0;
    this.batches.delete(key);
  }

  private furthest(): string {
    let furthest = '';
    let distance = -1;
    for (const [key, { from }] of this.batches) {
      const away = Math.abs(from - this.focus);
      if (away > distance) {
        [furthest, distance] = [key, away];
      }
    }
    return furthest;
  }
}
