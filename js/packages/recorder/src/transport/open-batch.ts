import { gzip } from '@session-replay/format';
import type { RecordedEvent } from '../events.ts';
import { encode } from './encode.ts';
import type { BatchStart, Target } from './protocol.ts';

/** A batch is full at about this size, in bytes: the page can still send it, and what comes until it is closed, while it goes. */
const FULL_BYTES = 44_000;
/** Events are weighed in parts of this size, in characters of JSON. */
const PART_CHARACTERS = 32 * 1024;

/** The batch that still takes events. It is weighed as it grows, so that it is known when it is full. */
export class OpenBatch {
  readonly events: RecordedEvent[] = [];
  private characters = 0;
  private weighed = 0;
  private bytes = 0;

  constructor(
    private readonly target: Target,
    readonly start: BatchStart,
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
      void this.weigh(part);
    }
  }

  /** Encodes the events as if the batch ended here. */
  encode(further: RecordedEvent[] = []): Promise<Uint8Array<ArrayBuffer>> {
    return gzip(encode(this.target, { ...this.start, last: false, lost: 0 }, [...this.events, ...further]));
  }

  /** Parts that are compressed one by one are a little larger than together. */
  private async weigh(part: RecordedEvent[]): Promise<void> {
    try {
      this.bytes += (await gzip(encode(this.target, { ...this.start, last: false, lost: 0 }, part))).length;
    } catch {
      // What cannot be encoded is reported when the batch is closed.
    }
    if (this.bytes >= FULL_BYTES) {
      this.onFull(this.start.seq);
    }
  }
}
