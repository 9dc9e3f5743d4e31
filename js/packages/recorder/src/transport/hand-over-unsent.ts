import { gzipSync } from 'fflate';
import { KEEPALIVE_BYTES, type Batcher } from '../batcher.ts';
import type { EchoGuard } from '../echo-guard.ts';
import type { Failures } from '../failures.ts';
import type { Channel } from './channel.ts';
import { encode } from './encode.ts';
import { handover } from './handover.ts';
import type { Target } from './protocol.ts';
import { batchUrl, storedBatch } from './store.ts';

/** What a recorder has that goes with its page. */
interface Leaving {
  batcher: Batcher;
  channel: Channel;
  target: Target;
  secrets: EchoGuard;
  failures: Failures;
}

/**
 * The page goes, and the worker may die with it: what the server may not have is encoded and sent from here, as far as browsers let a page
 * send while it goes. What is neither sent nor stored by the worker is kept for the next page.
 */
export function handOverUnsent({ batcher, channel, target, secrets, failures }: Leaving): void {
  const tail = batcher.closeTail();
  let budget = KEEPALIVE_BYTES;
  for (const { cut, events, kept } of batcher.unsent()) {
    if (events.length === 0) {
      continue;
    }
    secrets.hide(events);
    secrets.hide(cut.page);
    const bytes = gzipSync(encode(target, cut, events), { level: 1 });
    const batch = storedBatch(target, cut.seq, events.length, bytes);
    const sent = batch.bytes.length <= budget && navigator.sendBeacon(batchUrl(batch), new Blob([batch.bytes], { type: 'text/plain' }));
    if (cut === tail) {
      // A page that comes back from the back/forward cache goes on with the same worker: it must not have these events twice.
      channel.post(sent ? { type: 'discard' } : { type: 'cut', cut });
    }
    if (sent) {
      budget -= batch.bytes.length;
      batcher.settle(cut.seq);
    } else if (!kept && !handover.keep(batch)) {
      failures.report('handover', new Error(`batch ${cut.seq} (${bytes.length} bytes) could be neither sent nor kept when the page went`));
    }
  }
}
