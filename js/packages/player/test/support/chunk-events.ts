import { writeDomEvents } from '@session-replay/format';
import type { DomEvent, ChunkEvents } from '../../src/data/chunk-events.ts';

/** The events of a chunk as the loader gives them. */
export function chunkEvents(events: readonly DomEvent[]): ChunkEvents {
  return {
    block: events.length > 0 ? writeDomEvents(events.map((event) => ({ time: event.timestamp, event }))) : new Uint8Array(0),
    times: Float64Array.from(events, (event) => event.timestamp),
    sheets: new Map(),
    assets: new Map(),
  };
}
