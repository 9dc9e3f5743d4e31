import type { PageContext } from '@session-replay/format';
import { FULL_SNAPSHOT } from '@session-replay/format';
import type { RecordedEvent } from './events.ts';
import type { Failures } from './failures.ts';
import type { Channel } from './transport/channel.ts';
import { KEEPALIVE_BYTES } from './transport/keepalive.ts';
import type { BatchStart, Cut } from './transport/protocol.ts';

/** A batch is closed when the Web Worker finds it full (transport/open-batch.ts), at this many events, … */
const MAX_EVENTS = 100;
/** … this long after its first event, … */
const MAX_WAIT_MS = 20_000;
/** … this long while somebody watches, … */
const LIVE_WAIT_MS = 2000;
/** … this long after an error: what came of it belongs to it, … */
const ERROR_WAIT_MS = 1000;
/** … or before it is larger than this as JSON: a page that goes has to encode it by itself. */
const MAX_CHARACTERS = 2 * 1024 * 1024;
/** What events are taken to become compressed, in bytes a character, as long as nothing was weighed; … */
const WORST_RATIO = 0.4;
/** … once something was weighed, one and a half times what that became. */
const MARGIN = 1.5;
/** Events are written about as often as the page is painted, … */
const FRAME_MS = 16;
/** … and handed over in groups, of this size in characters … */
const GROUP_CHARACTERS = 16 * 1024;
/** … or this long after the first: a message costs the page as much as writing the events of a frame. */
const GROUP_MS = 100;
/** Batches that the page remembers until the server has them; older ones are the worker's alone. */
const MAX_UNSETTLED = 50;

/** A batch that takes no more events; the page remembers it until the server has answered for it. */
export interface ClosedBatch {
  cut: Cut;
  /** How many events it holds, also when the page holds them no more. */
  count: number;
  /** The events as JSON. */
  events: string[];
  /** How many bytes the worker has stored, so that the batch outlives the page; 0 when it has not. */
  keptBytes: number;
  hasSnapshot: boolean;
}

/** Draws the id of a batch: 53 bits, the integers that a page's number holds. */
function newCutId(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high! & 0x1fffff) * 2 ** 32 + low! || 1;
}

/** Says whether an event is a full snapshot of rrweb. */
function isFullSnapshot(event: RecordedEvent): boolean {
  return (event.dom as { type?: number } | undefined)?.type === FULL_SNAPSHOT;
}

/**
 * Hands events to the worker, in groups and as JSON, which is the fastest way there, and closes batches. Numbers the batches of a window,
 * and knows which of them the server may not have yet.
 */
export class Batcher {
  /** Events that were not handed over yet. */
  private fresh: RecordedEvent[] = [];
  private frame: ReturnType<typeof setTimeout> | undefined;
  private group: ReturnType<typeof setTimeout> | undefined;
  /** The events of the open batch; the first `posted` are handed over. */
  private open: string[] = [];
  private posted = 0;
  private waiting = 0;
  private characters = 0;
  /** What the worker has weighed of the open batch. */
  private weighed = { characters: 0, bytes: 0 };
  private ratio = WORST_RATIO;
  private hasSnapshot = false;
  private start: BatchStart | undefined;
  private seq = 0;
  private lost = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = Infinity;
  private maxWait = MAX_WAIT_MS;
  /** The window's first full snapshot, or the first after a loss, is sent at once: without it nothing that follows can be played. */
  private needsSnapshot = true;
  private readonly maxCharacters: number;
  private readonly unsettled = new Map<number, ClosedBatch>();

  /** @param maxBytes What the server takes at most; a batch stays below it, unless a single event is larger. */
  constructor(
    private readonly channel: Channel,
    private readonly page: () => PageContext,
    private readonly failures: Failures,
    maxBytes: number,
  ) {
    this.maxCharacters = Math.min(MAX_CHARACTERS, maxBytes);
  }

  add(event: RecordedEvent): void {
    this.fresh.push(event);
    this.frame ??= setTimeout(() => this.guard(() => this.write()), FRAME_MS);
  }

  /** Reports events that had to be given up, with the next batch. */
  addLost(count: number): void {
    this.lost += count;
  }

  /** Notes that a full snapshot follows a loss. */
  awaitSnapshot(): void {
    this.needsSnapshot = true;
  }

  /** Notes whether somebody watches the session at this moment. */
  setLive(isLive: boolean): void {
    this.maxWait = isLive ? LIVE_WAIT_MS : MAX_WAIT_MS;
    if (this.timer !== undefined) {
      this.closeWithin(this.maxWait);
    }
  }

  /** Notes what events of the open batch are compressed. */
  noteWeight(seq: number, characters: number, bytes: number): void {
    this.ratio = Math.min(WORST_RATIO, (MARGIN * bytes) / characters);
    if (seq === this.seq) {
      this.weighed = { characters, bytes };
    }
  }

  /** Closes a batch that the worker has found full, if it is still open. */
  closeFull(seq: number): void {
    if (seq === this.seq) {
      this.closeOpen(false);
    }
  }

  cut(last: boolean): void {
    this.handOver();
    this.closeOpen(last);
  }

  /** Closes the open batch without telling the worker. */
  closeTail(): Cut | undefined {
    this.handOver();
    return this.open.length > 0 ? this.close(true) : undefined;
  }

  /**
   * Notes that the worker has stored a batch, of so many bytes. The page holds only as much of what is stored as it can send while it goes.
   */
  keep(seq: number, bytes: number): void {
    const batch = this.unsettled.get(seq);
    if (batch) {
      batch.keptBytes = bytes;
    }
    let held = 0;
    for (const kept of [...this.unsettled.values()].reverse()) {
      held += kept.keptBytes;
      if (kept.keptBytes > 0 && held > KEEPALIVE_BYTES) {
        kept.events = [];
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
    const closed = [...this.unsettled.values()].reduce((sum, { count }) => sum + count, 0);
    return closed + this.open.length + this.fresh.length + this.lost;
  }

  /** Forgets everything. */
  clear(): void {
    clearTimeout(this.timer);
    clearTimeout(this.frame);
    clearTimeout(this.group);
    this.fresh = [];
    this.open = [];
    this.unsettled.clear();
  }

  /** Gives the batches that the server may not have, oldest first: the page is about to go and does what it can for them. */
  unsent(): ClosedBatch[] {
    return [...this.unsettled.values()];
  }

  /** Brings all events to the worker. */
  private handOver(): void {
    this.write();
    this.post();
  }

  /** Writes the fresh events. */
  private write(): void {
    clearTimeout(this.frame);
    this.frame = undefined;
    const fresh = this.fresh;
    this.fresh = [];
    for (const event of fresh) {
      this.guard(() => this.append(event));
    }
    if (this.waiting >= GROUP_CHARACTERS) {
      this.post();
    } else if (this.waiting > 0) {
      this.group ??= setTimeout(() => this.guard(() => this.post()), GROUP_MS);
    }
  }

  private append(event: RecordedEvent): void {
    let text: string;
    try {
      text = JSON.stringify(event);
    } catch (error) {
      // What cannot be written, for instance because it nests too deep, is in no batch.
      this.lost++;
      throw error;
    }
    if (this.characters + text.length > this.maxCharacters) {
      this.closeOpen(false);
    }
    this.open.push(text);
    this.characters += text.length;
    this.waiting += text.length;
    this.closeWithin(event.error ? ERROR_WAIT_MS : this.maxWait);
    const isSnapshot = isFullSnapshot(event);
    this.hasSnapshot ||= isSnapshot;
    if ((isSnapshot && this.needsSnapshot) || this.open.length >= MAX_EVENTS || this.mayBeTooLarge()) {
      this.needsSnapshot &&= !isSnapshot;
      this.closeOpen(false);
    }
  }

  /** Says whether a page that goes now might be unable to send the open batch: much has come that was not weighed yet. */
  private mayBeTooLarge(): boolean {
    return this.weighed.bytes + (this.characters - this.weighed.characters) * this.ratio >= KEEPALIVE_BYTES;
  }

  /** What is not handed over yet comes in the next batch. */
  private closeOpen(last: boolean): void {
    this.post();
    if (this.open.length > 0) {
      this.channel.post({ type: 'cut', cut: this.close(last) });
    }
  }

  private post(): void {
    clearTimeout(this.group);
    this.group = undefined;
    this.waiting = 0;
    if (this.open.length > this.posted) {
      this.start ??= { seq: this.seq, id: newCutId(), page: this.seq === 0 ? this.page() : undefined };
      this.channel.post({ type: 'events', start: this.start, events: this.open.slice(this.posted) });
      this.posted = this.open.length;
    }
  }

  private closeWithin(ms: number): void {
    const due = Date.now() + ms;
    if (due < this.due) {
      clearTimeout(this.timer);
      this.due = due;
      this.timer = setTimeout(() => {
        this.resetTimer();
        this.guard(() => this.cut(false));
      }, ms);
    }
  }

  private resetTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.due = Infinity;
  }

  private close(last: boolean): Cut {
    this.resetTimer();
    const { start, open: events, hasSnapshot } = this;
    const cut: Cut = { ...start!, last, lost: this.lost };
    this.start = undefined;
    this.open = [];
    this.posted = this.characters = this.lost = 0;
    this.hasSnapshot = false;
    this.weighed = { characters: 0, bytes: 0 };
    this.seq++;
    this.unsettled.set(cut.seq, { cut, count: events.length, events, keptBytes: 0, hasSnapshot });
    if (this.unsettled.size > MAX_UNSETTLED) {
      this.unsettled.delete(this.unsettled.keys().next().value!);
    }
    return cut;
  }

  private guard(run: () => void): void {
    this.failures.guard('batch', run, undefined);
  }
}
