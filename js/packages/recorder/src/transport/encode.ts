import { encodeBatch, idToBytes, type EventBatch } from '@session-replay/format';
import type { RecordedEvent } from '../events.ts';
import { VERSION } from '../version.ts';
import type { Cut, Target } from './protocol.ts';

/** Encodes events as a batch; DOM events become the UTF-8 JSON that the wire carries. */
export function encode(target: Target, cut: Cut, events: RecordedEvent[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const batch: EventBatch = {
    version: 1,
    session_id: idToBytes(target.session),
    window_id: idToBytes(target.window),
    seq: cut.seq,
    recorder_version: VERSION,
    last: cut.last,
    page: cut.page,
    lost_events: cut.lost,
    cut_id: cut.id,
    events: events.map(({ dom, ...event }) => (dom ? { time: event.time, dom: text.encode(JSON.stringify(dom)) } : event)),
  };
  return encodeBatch(batch);
}
