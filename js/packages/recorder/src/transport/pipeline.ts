import { gzip } from '@session-replay/format';
import { EchoGuard } from '../echo-guard.ts';
import type { RecordedEvent } from '../events.ts';
import { AssetUploader } from './asset-uploader.ts';
import { encode } from './encode.ts';
import { failed } from './failed.ts';
import { ForeignSheets } from './foreign-sheets.ts';
import { OpenBatch, type Scale } from './open-batch.ts';
import { nameOf, Outbox } from './outbox.ts';
import { PageAssetKeeper } from './page-asset-keeper.ts';
import type { Cut, FromWorker, Target, ToWorker } from './protocol.ts';
import { encodeRaw } from './raw-batch.ts';
import { batchId, storedBatch, type StoredBatch } from './stored-batch.ts';
import { StylesheetKeeper } from './stylesheet-keeper.ts';
import { Uploader } from './uploader.ts';

const LEFTOVER_CHECK_MS = 30_000;
/** The open batch is stored this often. A browser that is killed loses at most this time. */
const JOURNAL_MS = 2000;

/** Encodes, compresses, keeps, uploads and retries. Runs in the worker, or on the page's thread where no worker can start. */
export class Pipeline {
  private readonly sheets: StylesheetKeeper;
  private readonly assets: PageAssetKeeper | undefined;
  private readonly foreign: ForeignSheets;
  private readonly secrets = new EchoGuard();
  private readonly outbox: Outbox;
  private readonly uploader: Uploader;
  private readonly aborting = new AbortController();
  private open: OpenBatch | undefined;
  private readonly scale: Scale = { ratio: 1 };
  private journal: ReturnType<typeof setTimeout> | undefined;
  /** What was last kept of an open batch. */
  private kept: { seq: number; events: number } | undefined;
  private work: Promise<void> = Promise.resolve();
  /** Consent was taken back, or the server has ended the session: nothing more is kept or sent, and what is on its way is called back. */
  private ended = false;
  /** Batches that were cut and do not wait yet. */
  private preparing = 0;
  private isLast = false;

  constructor(
    private readonly target: Target,
    private readonly report: (message: FromWorker) => void,
    fetchApi: typeof fetch = (...args) => fetch(...args),
  ) {
    const post: typeof fetch = (input, init) => fetchApi(input, { signal: this.aborting.signal, ...init });
    const assets = new AssetUploader(target, post);
    this.foreign = new ForeignSheets(post);
    this.sheets = new StylesheetKeeper(assets);
    this.assets = target.assetsOf ? new PageAssetKeeper(target.assetsOf, assets, post) : undefined;
    this.outbox = new Outbox(target.window, report);
    this.uploader = new Uploader(target, this.outbox, post, { report, onEnd: (code) => this.endSession(code) });
    // A page that was offline does not wait for the next attempt.
    globalThis.addEventListener?.('online', () => this.uploader.wake());
    report({ type: 'ready' });
    void this.sendLeftovers();
  }

  receive(message: Exclude<ToWorker, { type: 'start' }>): void {
    switch (message.type) {
      case 'events':
        this.open ??= new OpenBatch(this.target, message.start, this.scale, this.report);
        this.open.add(message.events);
        this.journal ??= setTimeout(() => void this.keepOpen(), JOURNAL_MS);
        break;
      case 'cut':
        this.cut(message.cut);
        break;
      case 'loaded':
        this.assets?.noteLoaded(message.urls);
        break;
      case 'discard':
        void this.outbox.forget({ id: batchId(this.target, this.open?.start.seq ?? -1) });
        this.close();
        break;
      case 'secret':
        this.secrets.add(message.value);
        break;
      case 'end':
        this.isLast = true;
        this.reportWhenDone();
        break;
      case 'leftover':
        void this.takeLeftover(message.batch);
        break;
      case 'flush':
        this.uploader.wake();
        break;
      case 'forget':
        this.end();
        this.reportWhenDone();
        break;
    }
  }

  private async endSession(code: string): Promise<void> {
    this.end();
    await this.outbox.forgetSession(this.target.session);
    this.report({ type: 'ended', code });
  }

  /** What is in the store is erased by the page, which knows of it also where there is no worker. */
  private end(): void {
    this.ended = true;
    this.isLast = true;
    this.close();
    this.outbox.waiting.length = 0;
    this.aborting.abort();
    this.uploader.stop();
  }

  private close(): RecordedEvent[] {
    clearTimeout(this.journal);
    this.journal = undefined;
    this.open?.close();
    const events = this.open?.events ?? [];
    this.open = undefined;
    return events;
  }

  private reportWhenDone(): void {
    if (this.isLast && (this.ended || (this.preparing === 0 && this.outbox.waiting.length === 0))) {
      this.report({ type: 'done' });
    }
  }

  /**
   * Keeps the open batch, with a notice that the recording was interrupted: it is sent only if its page did not live to close it. Files
   * that it names are not looked for.
   */
  private async keepOpen(): Promise<void> {
    this.journal = undefined;
    const { open } = this;
    if (!open) {
      return;
    }
    this.secrets.hide(open.events);
    this.secrets.hide(open.start.page);
    const now = Date.now();
    try {
      const count = open.events.length;
      const bytes = await open.encode([...open.events, { time: now, gap: { reason: 'interrupted', from: now, to: now } }]);
      const isTaken = await this.isTaken(open.start.seq);
      if (this.open === open && !this.ended && !isTaken) {
        await this.outbox.store.putOpen(storedBatch(this.target, open.start.seq, count, bytes, now));
        this.kept = { seq: open.start.seq, events: count };
      }
    } catch (error) {
      this.report(failed('store', error));
    }
  }

  /**
   * Whether another page has sent what was kept of a batch: this page stood still for so long that it was taken for dead.
   */
  private async isTaken(seq: number): Promise<boolean> {
    return this.kept?.seq === seq && this.outbox.store.isTaken(batchId(this.target, seq));
  }

  /** Closes the open batch. One after the other: batches keep their order, and a slow stylesheet holds up only what comes after it. */
  private cut(cut: Cut): void {
    const events = this.close();
    const { target } = this;
    this.preparing++;
    this.work = this.work
      .then(() => this.prepare(cut, events))
      .catch((error: unknown) => {
        this.report(failed('encode', error));
        const batch = { id: batchId(target, cut.seq), window: target.window, seq: cut.seq };
        void this.outbox.forget(batch);
        this.report({ type: 'refused', batch, status: 0, code: 'not-encoded', events: events.length });
      })
      .finally(() => {
        this.preparing--;
        this.reportWhenDone();
      });
  }

  private async prepare(cut: Cut, events: RecordedEvent[]): Promise<void> {
    if (this.ended) {
      return;
    }
    this.secrets.hide(events);
    this.secrets.hide(cut.page);
    const dom = events.flatMap((event) => (event.dom ? [event.dom] : []));
    await this.foreign.extract(dom);
    // First what stylesheets name, for it changes their text.
    await this.assets?.extract(dom);
    await this.sheets.extract(dom);
    const batch = storedBatch(this.target, cut.seq, events.length, await gzip(encode(this.target, cut, events)));
    if (await this.isTaken(cut.seq)) {
      this.report({ type: 'refused', batch: nameOf(batch), status: 0, code: 'interrupted', events: events.length - this.kept!.events });
      return;
    }
    await this.take(batch);
  }

  /** Takes what an earlier page could neither send nor store. */
  private async takeLeftover(batch: StoredBatch): Promise<void> {
    try {
      await this.take(await encodeRaw(batch));
    } catch (error) {
      this.report(failed('leftover', error));
    }
  }

  private async take(batch: StoredBatch): Promise<void> {
    if (!this.ended) {
      await this.outbox.keep(batch);
    }
    if (!this.ended) {
      this.outbox.waiting.push(batch);
      void this.upload();
    }
  }

  private async upload(): Promise<void> {
    await this.uploader.run();
    this.reportWhenDone();
  }

  /** Sends what earlier page loads could not, and looks again from time to time: another tab may have been closed. */
  private async sendLeftovers(): Promise<void> {
    while (!this.isLast) {
      try {
        await this.outbox.addLeftovers(this.target.endpoint);
        if (this.isLast) {
          return;
        }
        void this.upload();
      } catch (error) {
        this.report(failed('store', error));
      }
      await new Promise((resolve) => setTimeout(resolve, LEFTOVER_CHECK_MS));
    }
  }
}
