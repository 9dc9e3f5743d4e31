import { gzip } from '@session-replay/format';
import type { RecordedEvent } from '../events.ts';
import { readAnswer } from './answers.ts';
import { backoff } from './backoff.ts';
import { encode } from './encode.ts';
import type { Cut, FromWorker, Target, ToWorker } from './protocol.ts';
import { batchUrl, BatchStore, storedBatch, type BatchName, type StoredBatch } from './store.ts';
import { StylesheetKeeper } from './stylesheet-keeper.ts';

const LEFTOVER_AGE_MS = 10_000;
const LEFTOVER_CHECK_MS = 30_000;

/** Batches, encodes, compresses, keeps, uploads and retries. Runs in the worker, or on the page's thread where no worker can start. */
export class Pipeline {
  private target: Target | undefined;
  private sheets: StylesheetKeeper | undefined;
  private open: RecordedEvent[] = [];
  private work: Promise<void> = Promise.resolve();
  private readonly waiting: StoredBatch[] = [];
  private uploading = false;
  private ended = false;
  private wake: (() => void) | undefined;
  private readonly store = new BatchStore();

  constructor(
    private readonly tell: (message: FromWorker) => void,
    private readonly post: typeof fetch = (...args) => fetch(...args),
  ) {}

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'start':
        this.target = message.target;
        this.ended = false;
        this.sheets = new StylesheetKeeper(message.target, this.post);
        this.tell({ type: 'ready' });
        void this.sendLeftovers();
        break;
      case 'event':
        this.open.push(message.event);
        break;
      case 'cut': {
        const events = this.open;
        const target = this.target!;
        this.open = [];
        // One after the other: batches keep their order, and a slow stylesheet holds up only what comes after it.
        this.work = this.work.then(() => this.prepare(target, message.cut, events)).catch((error: unknown) => this.fail('encode', error));
        break;
      }
      case 'discard':
        this.open = [];
        break;
      case 'leftover':
        void this.take(message.batch);
        break;
      case 'flush':
        this.wake?.();
        break;
      case 'forget':
        this.ended = true;
        this.open = [];
        this.waiting.length = 0;
        void this.store.clear().catch((error: unknown) => this.fail('store', error));
        break;
    }
  }

  private async prepare(target: Target, cut: Cut, events: RecordedEvent[]): Promise<void> {
    if (this.ended) {
      return;
    }
    await this.sheets?.extract(events.flatMap((event) => (event.dom ? [event.dom] : [])));
    await this.take(storedBatch(target, cut.seq, await gzip(encode(target, cut, events))));
  }

  private async take(batch: StoredBatch): Promise<void> {
    await this.keep(batch);
    this.waiting.push(batch);
    void this.upload();
  }

  private async keep(batch: StoredBatch): Promise<void> {
    try {
      const dropped = await this.store.put(batch);
      if (dropped === undefined) {
        return;
      }
      this.tell({ type: 'kept', batch: name(batch) });
      if (dropped > 0) {
        this.fail('store', new Error(`${dropped} unsent batches were given up: too many are waiting`));
      }
    } catch (error) {
      // Not kept across a reload, but still in memory and on its way.
      this.fail('store', error);
    }
  }

  private async upload(): Promise<void> {
    if (this.uploading) {
      return;
    }
    this.uploading = true;
    for (let attempt = 0; this.waiting.length > 0 && !this.ended; ) {
      const batch = this.waiting[0]!;
      const delay = await this.send(batch, attempt);
      if (delay === undefined) {
        this.waiting.shift();
        attempt = 0;
      } else {
        attempt++;
        await this.sleep(delay);
      }
    }
    this.uploading = false;
  }

  /** Sends a batch once. Gives the time to wait before the next attempt, or nothing when the batch is done with. */
  private async send(batch: StoredBatch, attempt: number): Promise<number | undefined> {
    try {
      const response = await this.post(batchUrl(batch), {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain' },
        body: batch.bytes,
        credentials: 'omit',
        keepalive: batch.bytes.length < 60_000,
      });
      const verdict = await readAnswer(response);
      if (verdict.kind === 'retry') {
        return verdict.afterMs ?? backoff(attempt);
      }
      await this.store.remove(batch.id).catch((error: unknown) => this.fail('store', error));
      if (verdict.kind === 'accepted') {
        this.tell({ type: 'acknowledged', batch: name(batch) });
      } else if (verdict.kind === 'drop') {
        this.tell({ type: 'refused', batch: name(batch), status: verdict.status, code: verdict.code });
      } else if (batch.session === this.target?.session) {
        this.ended = true;
        this.tell({ type: 'ended', code: verdict.code });
      }
      return undefined;
    } catch {
      // Offline, or the server cannot be reached: the batch is kept and tried again.
      return backoff(attempt);
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Sends what earlier page loads could not, and looks again from time to time: another tab may have been closed. */
  private async sendLeftovers(): Promise<void> {
    const target = this.target!;
    while (!this.ended && this.target === target) {
      try {
        const left = await this.store.leftovers(target.endpoint, target.window, LEFTOVER_AGE_MS, Date.now());
        const queued = new Set(this.waiting.map((batch) => batch.id));
        this.waiting.push(...left.filter((batch) => !queued.has(batch.id)));
        void this.upload();
      } catch (error) {
        this.fail('store', error);
      }
      await new Promise((resolve) => setTimeout(resolve, LEFTOVER_CHECK_MS));
    }
  }

  private fail(where: string, error: unknown): void {
    this.tell({ type: 'failed', where, message: error instanceof Error ? error.message : String(error) });
  }
}

function name({ id, window, seq }: StoredBatch): BatchName {
  return { id, window, seq };
}
