import type { PageContext } from '@session-replay/format';
import { FULL_SNAPSHOT, INCREMENTAL, MUTATION } from '@session-replay/format';
import type { RecordedEvent } from './events.ts';
import type { Failures } from './failures.ts';
import type { Channel } from './transport/channel.ts';
import type { Cut } from './transport/protocol.ts';
import { weigh } from './weigh.ts';

/** A batch is closed at this many events, … */
const MAX_EVENTS = 100;
/** … or this long after its first, … */
const MAX_WAIT_MS = 5000;
/** … or before it is about this large uncompressed, in bytes. */
const MAX_BYTES = 1024 * 1024;
/** A batch of this size goes at once: it would be too large to be sent while the page goes. */
const EAGER_BYTES = 192 * 1024;
/** Batches that the page remembers until the server has them; older ones are the worker's alone. */
const MAX_UNSETTLED = 50;
/** What browsers let a page send while it goes, in bytes. */
export const KEEPALIVE_BYTES = 60_000;

/** A batch that takes no more events; the page remembers it until the server has answered for it. */
export interface ClosedBatch {
  cut: Cut;
  /** How many events it holds, also when the page holds them no more. */
  count: number;
  events: RecordedEvent[];
  /** The worker has stored it: it outlives the page. */
  kept: boolean;
  hasSnapshot: boolean;
}

/** Draws the id of a cut: 53 bits, the integers that a page's number holds. */
function newCutId(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high! & 0x1fffff) * 2 ** 32 + low! || 1;
}

/** Says whether an event is a full snapshot of rrweb. */
function isFullSnapshot(event: RecordedEvent): boolean {
  return (event.dom as { type?: number } | undefined)?.type === FULL_SNAPSHOT;
}

/**
 * Hands events to the worker and says where a batch ends. Numbers the batches of a window, and knows which of them the server may not have
 * yet.
 */
export class Batcher {
  private open: RecordedEvent[] = [];
  private bytes = 0;
  private seq = 0;
  private lost = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly unsettled = new Map<number, ClosedBatch>();

  /** @param maxBytes What the server takes at most; a batch stays below it, unless a single event is larger. */
  constructor(
    private readonly channel: Channel,
    private readonly page: () => PageContext,
    private readonly failures: Failures,
    maxBytes: number,
  ) {
    this.maxBytes = Math.min(MAX_BYTES, maxBytes);
  }

  private readonly maxBytes: number;

  add(event: RecordedEvent): void {
    const dom = event.dom as { type?: number; data?: { source?: number } } | undefined;
    // A full snapshot is sent at once: it is large, and without it nothing of the window can be played.
    const isSnapshot = isFullSnapshot(event);
    // Of all else only changes of the page and what is not a DOM event can be large.
    const bytes = isSnapshot || (dom && !(dom.type === INCREMENTAL && dom.data?.source === MUTATION)) ? 100 : weigh(event);
    if (this.bytes + bytes > this.maxBytes) {
      this.cut(false);
    }
    try {
      this.channel.post({ type: 'event', event });
    } catch (error) {
      // What cannot be handed over, for instance because it nests too deep, is in no batch.
      this.lost++;
      throw error;
    }
    this.open.push(event);
    this.bytes += bytes;
    if (isSnapshot || this.bytes >= EAGER_BYTES || this.open.length >= MAX_EVENTS) {
      this.cut(false);
    } else {
      this.timer ??= setTimeout(() => this.failures.guard('batch', () => this.cut(false), undefined), MAX_WAIT_MS);
    }
  }

  /** Reports events that had to be given up, with the next batch. */
  addLost(count: number): void {
    this.lost += count;
  }

  cut(last: boolean): void {
    if (this.open.length > 0) {
      this.channel.post({ type: 'cut', cut: this.close(last) });
    }
  }

  /** Closes the open batch without telling the worker. */
  closeTail(): Cut | undefined {
    return this.open.length > 0 ? this.close(true) : undefined;
  }

  /**
   * Notes that the worker has stored a batch, of so many bytes. What a page could not send while it goes is not held in its memory as well.
   */
  keep(seq: number, bytes: number): void {
    const batch = this.unsettled.get(seq);
    if (batch) {
      batch.kept = true;
      if (bytes > KEEPALIVE_BYTES) {
        batch.events = [];
      }
    }
  }

  /** Notes that the server has answered for a batch; gives it while the page remembers it. */
  settle(seq: number): ClosedBatch | undefined {
    const batch = this.unsettled.get(seq);
    this.unsettled.delete(seq);
    return batch;
  }

  /** Counts the events that the server may not have. */
  get unsettledEvents(): number {
    return [...this.unsettled.values()].reduce((sum, { count }) => sum + count, this.open.length) + this.lost;
  }

  /** Forgets everything. */
  clear(): void {
    clearTimeout(this.timer);
    this.open = [];
    this.unsettled.clear();
  }

  /** Gives the batches that the server may not have, oldest first: the page is about to go and does what it can for them. */
  unsent(): ClosedBatch[] {
    return [...this.unsettled.values()];
  }

  private close(last: boolean): Cut {
    clearTimeout(this.timer);
    this.timer = undefined;
    const events = this.open;
    this.open = [];
    this.bytes = 0;
    const cut: Cut = { seq: this.seq, id: newCutId(), last, lost: this.lost, page: this.seq === 0 ? this.page() : undefined };
    this.seq++;
    this.lost = 0;
    this.unsettled.set(cut.seq, { cut, count: events.length, events, kept: false, hasSnapshot: events.some(isFullSnapshot) });
    if (this.unsettled.size > MAX_UNSETTLED) {
      this.unsettled.delete(this.unsettled.keys().next().value!);
    }
    return cut;
  }
}
