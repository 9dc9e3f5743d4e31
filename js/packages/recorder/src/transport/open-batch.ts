import { gzip } from '@session-replay/format';
import type { RecordedEvent } from '../events.ts';
import { encode } from './encode.ts';
import type { BatchStart, FromWorker, Target } from './protocol.ts';

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
  private unweighed = 0;
  /** How many events are weighed, or about to be. */
  private weighed = 0;
  private bytes = 0;
  private isClosed = false;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly target: Target,
    readonly start: BatchStart,
    private readonly scale: Scale,
    private readonly report: (message: FromWorker) => void,
  ) {}

  add(texts: readonly string[]): void {
    for (const text of texts) {
      this.events.push(JSON.parse(text) as RecordedEvent);
      this.characters += text.length;
      this.unweighed += text.length;
    }
    if (this.unweighed >= PART_CHARACTERS) {
      this.unweighed = 0;
      const { characters } = this;
      const part = this.events.slice(this.weighed);
      this.weighed = this.events.length;
      // After the messages that have come already: the batch may be closed by now. What cannot be encoded is reported with it.
      this.work = this.work.then(() => new Promise((resolve) => setTimeout(resolve, 0))).then(() => this.weigh(part, characters))
        .catch(() => undefined);
    }
  }

  /** It is not weighed any more. */
  close(): void {
    this.isClosed = true;
  }

  /** Encodes the events as if the batch ended here. */
  encode(events: RecordedEvent[] = this.events): Promise<Uint8Array<ArrayBuffer>> {
    return gzip(encode(this.target, { ...this.start, last: false, lost: 0 }, events));
  }

  private async weigh(part: RecordedEvent[], characters: number): Promise<void> {
    if (this.isClosed) {
      return;
    }
    this.bytes += (await this.encode(part)).length;
    const { seq } = this.start;
    this.report({ type: 'weighed', seq, characters, bytes: Math.round(this.bytes * this.scale.ratio) });
    if (this.bytes * this.scale.ratio < FULL_BYTES) {
      return;
    }
    if (this.isClosed) {
      return;
    }
    const { length } = await this.encode(this.events.slice(0, this.weighed));
    this.scale.ratio = Math.max(MIN_RATIO, length / this.bytes);
    if (length >= FULL_BYTES * NEARLY_FULL) {
      this.report({ type: 'full', seq });
    }
  }
}
