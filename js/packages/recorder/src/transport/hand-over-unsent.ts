import { frameBatches, MAX_UPLOAD_BATCHES } from '@session-replay/format';
import type { Batcher, ClosedBatch } from '../batcher.ts';
import { KEEPALIVE_BYTES } from './keepalive.ts';
import type { EchoGuard } from '../echo-guard.ts';
import type { RecordedEvent } from '../events.ts';
import type { Failures } from '../failures.ts';
import type { Channel } from './channel.ts';
import { handover } from './handover.ts';
import type { pack } from './pack.ts';
import type { Target } from './protocol.ts';
import { toRaw } from './raw-batch.ts';
import { batchUrl, storedBatch, type StoredBatch } from './stored-batch.ts';

/** What a recorder has that goes with its page. */
interface Leaving {
  batcher: Batcher;
  channel: Channel;
  target: Target;
  secrets: EchoGuard;
  failures: Failures;
  /** Undefined until it has loaded. */
  pack: typeof pack | undefined;
}

interface Unsent extends ClosedBatch {
  batch: StoredBatch;
}

/**
 * The page goes, and the worker may die with it: what the server may not have is encoded and sent from here, oldest first, as far as
 * browsers let a page send while it goes. What is neither sent nor stored by the worker is kept for the next page; a page that goes before
 * it has loaded what encodes a batch keeps all.
 */
export function handOverUnsent({ batcher, channel, target, secrets, failures, pack }: Leaving): void {
  const tail = batcher.closeTail();
  const unsent = batcher.unsent().filter(({ events }) => events.length > 0)
    .map((closed) => ({ ...closed, batch: encodeClosed(closed, { target, secrets, pack }) }));
  const fitting = pack ? send(unsent) : new Set<StoredBatch>();
  for (const { cut, batch, keptBytes } of unsent) {
    const isSent = fitting.has(batch);
    if (cut === tail) {
      // A page that comes back from the back/forward cache goes on with the same worker: it must not have these events twice.
      channel.post(isSent ? { type: 'discard' } : { type: 'cut', cut });
    }
    if (isSent) {
      batcher.settle(cut.seq);
    } else if (keptBytes === 0 && !handover.keep(batch)) {
      const { length } = batch.bytes;
      failures.report('handover', new Error(`batch ${cut.seq} (${length} bytes) could be neither sent nor kept when the page went`));
    }
  }
}

function encodeClosed(
  { cut, events: texts }: ClosedBatch, { target, secrets, pack }: Pick<Leaving, 'target' | 'secrets' | 'pack'>,
): StoredBatch {
  const events = texts.map((text) => JSON.parse(text) as RecordedEvent);
  secrets.hide(events);
  secrets.hide(cut.page);
  return pack
    ? storedBatch(target, cut.seq, events.length, pack(target, cut, events))
    : { ...storedBatch(target, cut.seq, events.length, toRaw(cut, events)), isRaw: true };
}

/** Gives those that the browser has taken to be sent. */
function send(unsent: Unsent[]): Set<StoredBatch> {
  const fitting: StoredBatch[] = [];
  let budget = KEEPALIVE_BYTES;
  for (const { batch } of unsent) {
    if (batch.bytes.length <= budget && fitting.length < MAX_UPLOAD_BATCHES) {
      budget -= batch.bytes.length;
      fitting.push(batch);
    }
  }
  for (; fitting.length > 0; fitting.pop()) {
    const body = frameBatches(fitting[0]!.secret, fitting.map(({ bytes }) => bytes));
    // Less is taken while the worker's own requests are under way.
    if (navigator.sendBeacon(batchUrl(fitting[0]!), new Blob([body], { type: 'text/plain' }))) {
      break;
    }
  }
  return new Set(fitting);
}
