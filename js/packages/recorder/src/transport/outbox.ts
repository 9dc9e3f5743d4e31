import { failed } from './failed.ts';
import { BatchStore, MAX_BATCHES } from './store.ts';
import { type BatchName, type StoredBatch } from './stored-batch.ts';
import type { FromWorker } from './protocol.ts';

/** The most bytes that wait in memory, compressed. */
const MAX_WAITING_BYTES = 48 * 1024 * 1024;

/** The closed batches that the server may not have yet, in memory and in the browser's store. */
export class Outbox {
  readonly waiting: StoredBatch[] = [];
  /** Those that are on their way at this moment. */
  readonly inFlight = new Set<StoredBatch>();
  readonly store = new BatchStore();

  constructor(
    private readonly window: string,
    private readonly report: (message: FromWorker) => void,
  ) {}

  /** Keeps a batch, and gives up the oldest ones when there are too many. */
  async keep(batch: StoredBatch): Promise<void> {
    try {
      const dropped = await this.store.put(batch);
      if (dropped !== undefined) {
        this.report({ type: 'kept', batch: nameOf(batch), bytes: batch.bytes.length });
        this.giveUp(dropped);
      }
    } catch (error) {
      // Not kept across a reload, but still in memory and on its way.
      this.report(failed('store', error));
    }
    const dropped: StoredBatch[] = [];
    let bytes = this.waiting.reduce((sum, { bytes: { length } }) => sum + length, batch.bytes.length);
    let count = this.waiting.length;
    for (const old of this.waiting.filter((waiting) => !this.inFlight.has(waiting))) {
      if (bytes <= MAX_WAITING_BYTES && count <= MAX_BATCHES) {
        break;
      }
      bytes -= old.bytes.length;
      count--;
      dropped.push(old);
    }
    dropped.forEach((old) => void this.forget(old));
    this.giveUp(dropped);
  }

  /** Adds what other pages have left behind. */
  async addLeftovers(endpoint: string): Promise<void> {
    const left = await this.store.leftovers(endpoint, this.window, Date.now());
    const queued = new Set(this.waiting.map((batch) => batch.id));
    this.waiting.push(...left.filter((batch) => !queued.has(batch.id)));
  }

  /** The server has answered for a batch. */
  async settle(batch: StoredBatch): Promise<void> {
    await this.forget(batch);
    const at = this.waiting.indexOf(batch);
    if (at >= 0) {
      this.waiting.splice(at, 1);
    }
  }

  async forgetSession(session: string): Promise<void> {
    await this.store.removeSession(session).catch((error: unknown) => this.report(failed('store', error)));
  }

  forget({ id }: Pick<StoredBatch, 'id'>): Promise<void> {
    return this.store.remove(id).catch((error: unknown) => this.report(failed('store', error)));
  }

  private giveUp(batches: StoredBatch[]): void {
    if (batches.length > 0) {
      const gone = new Set(batches.map(({ id }) => id));
      this.waiting.splice(
        0, this.waiting.length, ...this.waiting.filter((batch) => this.inFlight.has(batch) || !gone.has(batch.id)),
      );
      const own = batches.filter((batch) => batch.window === this.window);
      this.report({ type: 'givenUp', batches: batches.length, own: own.reduce((sum, batch) => sum + batch.events, 0) });
    }
  }
}

/** Names a batch in a report. */
export function nameOf({ id, window, seq }: StoredBatch): BatchName {
  return { id, window, seq };
}
