import type { PageContext } from '@session-replay/format';
import type { RecordedEvent } from './events.ts';
import type { Channel } from './transport/channel.ts';
import type { Cut } from './transport/protocol.ts';

/** A batch is closed at this many events, … */
export const MAX_EVENTS = 100;
/** … or this long after its first, … */
export const MAX_WAIT_MS = 5000;
/** Batches that the page remembers until the server has them; older ones are the worker's alone. */
const MAX_UNSETTLED = 50;

/** A closed batch. */
export interface ClosedBatch {
  cut: Cut;
  events: RecordedEvent[];
  /** The worker has stored it: it outlives the page. */
  kept: boolean;
}

/** Hands events to the worker and says where a batch ends. Numbers the batches of a window, and knows which of them the server may not have yet. */
export class Batcher {
  private open: RecordedEvent[] = [];
  private seq = 0;
  private lost = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly unsettled = new Map<number, ClosedBatch>();

  constructor(
    private readonly channel: Channel,
    private readonly page: () => PageContext,
  ) {}

  add(event: RecordedEvent): void {
    this.open.push(event);
    this.channel.post({ type: 'event', event });
    // A full snapshot is sent at once: it is large, and without it nothing of the window can be played.
    const isSnapshot = (event.dom as { type?: number } | undefined)?.type === 2;
    if (isSnapshot || this.open.length >= MAX_EVENTS) {
      this.cut(false);
    } else {
      this.timer ??= setTimeout(() => this.cut(false), MAX_WAIT_MS);
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

  /** Notes that the worker has stored a batch. */
  keep(seq: number): void {
    const batch = this.unsettled.get(seq);
    if (batch) {
      batch.kept = true;
    }
  }

  /** Notes that the server has answered for a batch. */
  settle(seq: number): void {
    this.unsettled.delete(seq);
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
    const cut: Cut = { seq: this.seq, last, lost: this.lost, page: this.seq === 0 ? this.page() : undefined };
    this.seq++;
    this.lost = 0;
    this.unsettled.set(cut.seq, { cut, events, kept: false });
    if (this.unsettled.size > MAX_UNSETTLED) {
      this.unsettled.delete(this.unsettled.keys().next().value!);
    }
    return cut;
  }
}
