import { gzip } from '@session-replay/format';
import type { RecordedEvent } from '../events.ts';
import { encode } from './encode.ts';
import type { BatchStart, Target } from './protocol.ts';

/** A batch is full at about this size, in bytes: the page can still send it, and what comes until it is closed, while it goes. */
const FULL_BYTES = 50_000;
/** The part of it from which a batch is not worth being weighed again. */
const NEARLY_FULL = 0.9;
/** Events are weighed in parts of this size, in characters of JSON. */
const PART_CHARACTERS = 32 * 1024;
/** A batch is never taken to be smaller than this part of the sum of its parts. */
const MIN_RATIO = 0.4;

/** How large batches of a window are, compared with the sum of their parts compressed one by one. */
export interface Scale {
  ratio: number;
}

/**
 * The batch that still takes events. It is weighed as it grows, so that it is known when it is full: part by part, and as a whole once the
 * parts let expect that it is full.
 */
export class OpenBatch {
  readonly events: RecordedEvent[] = [];
  private characters = 0;
  private weighed = 0;
  private bytes = 0;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly target: Target,
    readonly start: BatchStart,
    private readonly scale: Scale,
    private readonly onFull: (seq: number) => void,
  ) {}

  add(texts: readonly string[]): void {
    for (const text of texts) {
      this.events.push(JSON.parse(text) as RecordedEvent);
      this.characters += text.length;
    }
    if (this.characters >= PART_CHARACTERS) {
      this.characters = 0;
      const part = this.events.slice(this.weighed);
      this.weighed = this.events.length;
      // What cannot be encoded is reported when the batch is closed.
      this.work = this.work.then(() => this.weigh(part)).catch(() => undefined);
    }
  }

  /** Encodes the events as if the batch ended here. */
  encode(events: RecordedEvent[] = this.events): Promise<Uint8Array<ArrayBuffer>> {
    return gzip(encode(this.target, { ...this.start, last: false, lost: 0 }, events));
  }

  private async weigh(part: RecordedEvent[]): Promise<void> {
    this.bytes += (await this.encode(part)).length;
    if (this.bytes * this.scale.ratio < FULL_BYTES) {
      return;
    }
    const { length } = await this.encode(this.events.slice(0, this.weighed));
    this.scale.ratio = Math.max(MIN_RATIO, length / this.bytes);
    if (length >= FULL_BYTES * NEARLY_FULL) {
      this.onFull(this.start.seq);
    }
  }
}
