import { encodeBatch, idToBytes, type EventBatch, writeDomEvents } from '@session-replay/format';
import type { RecordedEvent } from '../events.ts';
import { readTimeZone } from '../session/page.ts';
import { VERSION } from '../version.ts';
import type { Cut, Target } from './protocol.ts';

/** Encodes events as a batch. */
export function encode(target: Pick<Target, 'session' | 'window'>, cut: Cut, events: RecordedEvent[]): Uint8Array<ArrayBuffer> {
  const dom = events.flatMap(({ time, dom }) => (dom ? [{ time, event: dom }] : []));
  const batch: EventBatch = {
    version: 1,
    session_id: idToBytes(target.session),
    window_id: idToBytes(target.window),
    seq: cut.seq,
    recorder_version: VERSION,
    last: cut.last,
    page: cut.page && { ...cut.page, time_zone: readTimeZone() },
    lost_events: cut.lost,
    cut_id: cut.id,
    dom_events: dom.length > 0 ? writeDomEvents(dom) : undefined,
    events: events.filter(({ dom }) => !dom),
  };
  return encodeBatch(batch);
}
