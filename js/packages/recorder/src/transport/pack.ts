import { gzipSync } from 'fflate';
import type { RecordedEvent } from '../events.ts';
import { encode } from './encode.ts';
import type { Cut, Target } from './protocol.ts';

/** Encodes and compresses a batch before it returns: a page that goes has no time for anything else. */
export function pack(target: Pick<Target, 'session' | 'window'>, cut: Cut, events: RecordedEvent[]): Uint8Array<ArrayBuffer> {
  return gzipSync(encode(target, cut, events), { level: 1 });
}
