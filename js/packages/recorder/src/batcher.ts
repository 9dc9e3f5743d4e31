import type { PageContext } from '@session-replay/format';
import type { RecordedEvent } from './events.ts';
import type { Channel } from './transport/channel.ts';
import type { Cut } from './transport/protocol.ts';

/** A batch is closed at this many events, … */
export const MAX_EVENTS = 100;
/** … or this long after its first, … */
export const MAX_WAIT_MS = 5000;

/** Hands events to the worker and says where a batch ends. Numbers the batches of a window, and knows which events are in none yet. */
export class Batcher {
  private open: RecordedEvent[] = [];
  private seq = 0;
  private lost = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

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

  /** Closes the open batch without the worker: the page is about to go and encodes it itself. */
  takeTail(): { cut: Cut; events: RecordedEvent[] } | undefined {
    const events = this.open;
    return events.length > 0 ? { cut: this.close(true), events } : undefined;
  }

  private close(last: boolean): Cut {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.open = [];
    const cut: Cut = { seq: this.seq, last, lost: this.lost, page: this.seq === 0 ? this.page() : undefined };
    this.seq++;
    this.lost = 0;
    return cut;
  }
}
