import { gzip } from '@session-replay/format';
import type { RecordedEvent } from '../events.ts';
import { readAnswer } from './answers.ts';
import { backoff } from './backoff.ts';
import { encode } from './encode.ts';
import type { Cut, FromWorker, Target, ToWorker } from './protocol.ts';
import { EchoGuard } from '../echo-guard.ts';
import { AssetUploader } from './asset-uploader.ts';
import { ForeignSheets } from './foreign-sheets.ts';
import { PageAssetKeeper } from './page-asset-keeper.ts';
import { batchId, batchUrl, BatchStore, MAX_BATCHES, storedBatch, type BatchName, type StoredBatch } from './store.ts';
import { StylesheetKeeper } from './stylesheet-keeper.ts';

/** The most bytes that wait in memory, compressed. */
const MAX_WAITING_BYTES = 48 * 1024 * 1024;
const LEFTOVER_AGE_MS = 10_000;
const LEFTOVER_CHECK_MS = 30_000;

/** Batches, encodes, compresses, keeps, uploads and retries. Runs in the worker, or on the page's thread where no worker can start. */
export class Pipeline {
  private target: Target | undefined;
  private sheets: StylesheetKeeper | undefined;
  private assets: PageAssetKeeper | undefined;
  private open: RecordedEvent[] = [];
  private work: Promise<void> = Promise.resolve();
  private readonly waiting: StoredBatch[] = [];
  private uploading = false;
  /** Consent was taken back, or the server has ended the session: nothing more is kept or sent, and what is on its way is called back. */
  private ended = false;
  private readonly aborting = new AbortController();
  /** Batches that were cut and are not in `waiting` yet. */
  private preparing = 0;
  private isLast = false;
  private readonly secrets = new EchoGuard();
  private wake: (() => void) | undefined;
  private readonly store = new BatchStore();
  private readonly post: typeof fetch;
  private readonly foreign = new ForeignSheets((...args) => this.post(...args));

  constructor(
    private readonly report: (message: FromWorker) => void,
    fetchApi: typeof fetch = (...args) => fetch(...args),
  ) {
    this.post = (input, init) => fetchApi(input, { signal: this.aborting.signal, ...init });
    // A page that was offline does not wait for the next attempt.
    globalThis.addEventListener?.('online', () => this.wake?.());
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'start':
        this.target = message.target;
        this.begin(message.target);
        this.report({ type: 'ready' });
        void this.sendLeftovers();
        break;
      case 'event':
        this.open.push(message.event);
        break;
      case 'cut':
        this.cut(message.cut);
        break;
      case 'loaded':
        this.assets?.noteLoaded(message.urls);
        break;
      case 'discard':
        this.open = [];
        break;
      case 'secret':
        this.secrets.add(message.value);
        break;
      case 'end':
        this.isLast = true;
        this.reportWhenDone();
        break;
      case 'leftover':
        void this.take(message.batch);
        break;
      case 'flush':
        this.wake?.();
        break;
      case 'forget':
        this.end();
        this.reportWhenDone();
        break;
    }
  }

  /** What is in the store is erased by the page, which knows of it also where there is no worker. */
  private end(): void {
    this.ended = true;
    this.isLast = true;
    this.open = [];
    this.waiting.length = 0;
    this.aborting.abort();
    this.wake?.();
  }

  private reportWhenDone(): void {
    if (this.isLast && (this.ended || (this.preparing === 0 && this.waiting.length === 0))) {
      this.report({ type: 'done' });
    }
  }

  private begin(target: Target): void {
    const uploader = new AssetUploader(target, this.post);
    this.sheets = new StylesheetKeeper(uploader);
    this.assets = target.assetsOf ? new PageAssetKeeper(target.assetsOf, uploader, this.post) : undefined;
  }

  /** Closes the open batch. One after the other: batches keep their order, and a slow stylesheet holds up only what comes after it. */
  private cut(cut: Cut): void {
    const events = this.open;
    const target = this.target!;
    this.open = [];
    this.preparing++;
    this.work = this.work
      .then(() => this.prepare(target, cut, events))
      .catch((error: unknown) => {
        this.fail('encode', error);
        const batch = { id: batchId(target, cut.seq), window: target.window, seq: cut.seq };
        this.report({ type: 'refused', batch, status: 0, code: 'not-encoded', events: events.length });
      })
      .finally(() => {
        this.preparing--;
        this.reportWhenDone();
      });
  }

  private async prepare(target: Target, cut: Cut, events: RecordedEvent[]): Promise<void> {
    if (this.ended) {
      return;
    }
    this.secrets.hide(events);
    this.secrets.hide(cut.page);
    const dom = events.flatMap((event) => (event.dom ? [event.dom] : []));
    await this.foreign.extract(dom);
    // First what stylesheets name, for it changes their text.
    await this.assets?.extract(dom);
    await this.sheets?.extract(dom);
    await this.take(storedBatch(target, cut.seq, events.length, await gzip(encode(target, cut, events))));
  }

  private async take(batch: StoredBatch): Promise<void> {
    if (!this.ended) {
      await this.keep(batch);
    }
    if (this.ended) {
      return;
    }
    this.waiting.push(batch);
    void this.upload();
  }

  private async keep(batch: StoredBatch): Promise<void> {
    try {
      const dropped = await this.store.put(batch);
      if (dropped !== undefined) {
        this.report({ type: 'kept', batch: name(batch), bytes: batch.bytes.length });
        this.giveUp(dropped);
      }
    } catch (error) {
      // Not kept across a reload, but still in memory and on its way.
      this.fail('store', error);
    }
    // The first may be on its way at this moment.
    let surplus = 0;
    for (let bytes = this.waiting.reduce((sum, { bytes: { length } }) => sum + length, batch.bytes.length), count = this.waiting.length;
      surplus + 1 < this.waiting.length && (bytes > MAX_WAITING_BYTES || count > MAX_BATCHES); count--) {
      bytes -= this.waiting[++surplus]!.bytes.length;
    }
    const dropped = this.waiting.slice(1, surplus + 1);
    dropped.forEach((old) => void this.forget(old));
    this.giveUp(dropped);
  }

  private giveUp(batches: StoredBatch[]): void {
    if (batches.length > 0) {
      const gone = new Set(batches.map(({ id }) => id));
      this.waiting.splice(0, this.waiting.length, ...this.waiting.filter((batch, i) => i === 0 || !gone.has(batch.id)));
      const own = batches.filter((batch) => batch.window === this.target?.window);
      this.report({ type: 'givenUp', batches: batches.length, own: own.reduce((sum, batch) => sum + (batch.events ?? 0), 0) });
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
        this.drop(batch);
        attempt = 0;
      } else {
        attempt++;
        await this.sleep(delay);
      }
    }
    this.uploading = false;
    this.reportWhenDone();
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
      if (verdict.kind === 'accepted') {
        const isDone = (other: StoredBatch): boolean => other === batch
          || (other.window === batch.window && verdict.acknowledged.some(([from, to]) => other.seq >= from && other.seq <= to));
        for (const done of this.waiting.filter(isDone)) {
          await this.forget(done);
          this.drop(done);
          this.report({ type: 'acknowledged', batch: name(done) });
        }
        return undefined;
      }
      await this.forget(batch);
      if (verdict.kind === 'drop') {
        this.report({ type: 'refused', batch: name(batch), status: verdict.status, code: verdict.code, events: batch.events ?? 0 });
      } else if (batch.session === this.target?.session) {
        this.end();
        await this.store.removeSession(batch.session).catch((error: unknown) => this.fail('store', error));
        this.report({ type: 'ended', code: verdict.code });
      } else if (verdict.code !== 'session-deleted') {
        // Of an earlier session: that one is over, and what is lost of it is reported.
        this.report({ type: 'refused', batch: name(batch), status: verdict.status, code: verdict.code, events: batch.events ?? 0 });
      }
      return undefined;
    } catch {
      // Offline, or the server cannot be reached: the batch is kept and tried again.
      return backoff(attempt);
    }
  }

  private drop(batch: StoredBatch): void {
    const at = this.waiting.indexOf(batch);
    if (at >= 0) {
      this.waiting.splice(at, 1);
    }
  }

  private forget(batch: StoredBatch): Promise<void> {
    return this.store.remove(batch.id).catch((error: unknown) => this.fail('store', error));
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
    while (!this.isLast) {
      try {
        const left = await this.store.leftovers(target.endpoint, target.window, LEFTOVER_AGE_MS, Date.now());
        if (this.isLast) {
          return;
        }
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
    this.report({ type: 'failed', where, message: error instanceof Error ? error.message : String(error) });
  }
}

function name({ id, window, seq }: StoredBatch): BatchName {
  return { id, window, seq };
}
