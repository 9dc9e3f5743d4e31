import { frameBatches, MAX_UPLOAD_BATCHES } from '@session-replay/format';
import { readAnswer, type Answer } from './answers.ts';
import { backoff } from './backoff.ts';
import { KEEPALIVE_BYTES } from './keepalive.ts';
import { nameOf, type Outbox } from './outbox.ts';
import type { FromWorker, Target } from './protocol.ts';
import { batchUrl, type StoredBatch } from './stored-batch.ts';

const TOO_LARGE = 413;

/** What an uploader reports. */
interface UploaderEvents {
  report: (message: FromWorker) => void;
  /** The server wants no more of the session. */
  onEnd: (code: string) => Promise<void>;
}

/** Sends what waits, oldest first: in each request as much as waits and may be in one. */
export class Uploader {
  private isRunning = false;
  private isStopped = false;
  private isLive = false;
  private wakeUp: (() => void) | undefined;
  private maxBytes: number;

  constructor(
    private readonly target: Target,
    private readonly outbox: Outbox,
    private readonly post: typeof fetch,
    private readonly events: UploaderEvents,
  ) {
    this.maxBytes = target.maxBytes;
  }

  /** Sends until nothing waits. */
  async run(): Promise<void> {
    if (this.isRunning) {
      return;
    }
    this.isRunning = true;
    for (let attempt = 0; this.outbox.waiting.length > 0 && !this.isStopped; ) {
      const delay = await this.send(this.next(), attempt);
      attempt = delay === undefined ? 0 : attempt + 1;
      if (delay !== undefined) {
        await this.sleep(delay);
      }
    }
    this.isRunning = false;
  }

  /** Does not wait for the time of the next attempt. */
  wake(): void {
    this.wakeUp?.();
  }

  stop(): void {
    this.isStopped = true;
    this.wake();
  }

  /** The oldest batch, and those of its session that may go with it. */
  private next(): StoredBatch[] {
    const [first] = this.outbox.waiting;
    let bytes = 0;
    return this.outbox.waiting
      .filter((batch) => batch.session === first!.session && batch.endpoint === first!.endpoint && batch.writeKey === first!.writeKey)
      .slice(0, MAX_UPLOAD_BATCHES)
      .filter((batch, i) => (bytes += batch.bytes.length) <= this.maxBytes || i === 0);
  }

  /** Sends batches once. Returns the time to wait before the next attempt, or nothing if none is needed. */
  private async send(batches: StoredBatch[], attempt: number): Promise<number | undefined> {
    batches.forEach((batch) => this.outbox.inFlight.add(batch));
    try {
      const body = frameBatches(batches[0]!.secret, batches.map(({ bytes }) => bytes));
      const response = await this.post(batchUrl(batches[0]!), {
        method: 'POST', headers: { 'Content-Type': 'text/plain' }, body, credentials: 'omit', keepalive: body.length < KEEPALIVE_BYTES,
      });
      if (response.status === TOO_LARGE && batches.length > 1) {
        // The server, or something in front of it, takes less than it said.
        this.maxBytes = 0;
        return undefined;
      }
      return await this.takeIn(await readAnswer(response, batches.length), batches, attempt);
    } catch {
      // Offline, or the server cannot be reached: the batches are kept and tried again.
      return backoff(attempt);
    } finally {
      this.outbox.inFlight.clear();
    }
  }

  private async takeIn({ verdicts, acknowledged, isLive }: Answer, batches: StoredBatch[], attempt: number): Promise<number | undefined> {
    if (isLive !== undefined && batches.some(({ session }) => session === this.target.session)) {
      this.noteLive(isLive);
    }
    const isKnown = ({ window, seq }: StoredBatch): boolean =>
      acknowledged.get(window)?.some(([from, to]) => seq >= from && seq <= to) === true;
    const durable = new Set([...batches.filter((_, i) => verdicts[i]!.kind === 'accepted'), ...this.outbox.waiting.filter(isKnown)]);
    for (const batch of durable) {
      await this.outbox.settle(batch);
      this.events.report({ type: 'acknowledged', batch: nameOf(batch) });
    }
    let delay: number | undefined;
    for (const [i, verdict] of verdicts.entries()) {
      const batch = batches[i]!;
      if (verdict.kind === 'retry') {
        delay = Math.max(delay ?? 0, verdict.afterMs ?? backoff(attempt));
      } else if (verdict.kind !== 'accepted') {
        await this.outbox.settle(batch);
        if (verdict.kind === 'end' && batch.session === this.target.session) {
          await this.events.onEnd(verdict.code);
          return undefined;
        }
        // Of an earlier session: that one is over, and what is lost of it is reported.
        if (verdict.kind === 'drop' || verdict.code !== 'session-deleted') {
          const { status, code } = verdict;
          this.events.report({ type: 'refused', batch: nameOf(batch), status, code, events: batch.events });
        }
      }
    }
    return delay;
  }

  private noteLive(isLive: boolean): void {
    if (isLive !== this.isLive) {
      this.isLive = isLive;
      this.events.report({ type: 'live', isLive });
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
