import { readDomEvents } from '@session-replay/format';
import { shapeEvent } from '../replay/event-shape.ts';

/** An event of rrweb. */
export interface DomEvent {
  type: number;
  data: Record<string, unknown>;
  timestamp: number;
}

/**
 * The DOM events of a chunk as bytes, which cost little to keep and to hand over; and what they name, to be put back where they are
 * replayed.
 */
export interface ChunkEvents {
  /** The events as columns (docs/format/v1.md, section 2.4); empty when there are none. */
  block: Uint8Array<ArrayBuffer>;
  /** When each happened, in ms on the server's clock. */
  times: Float64Array<ArrayBuffer>;
  /** Stylesheets by their hash, as UTF-8. */
  sheets: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Images and fonts by their hash. */
  assets: ReadonlyMap<string, Blob>;
}

/** Reads the events of a chunk that have a form that can be replayed. */
export function readEvents(events: Pick<ChunkEvents, 'block' | 'times'>): DomEvent[] {
  return parseEvents(events).filter(shapeEvent);
}

/** Reads the events of a chunk, of whatever form. Throws for a block that breaks a rule of the format, or has another number of events. */
export function parseEvents({ block, times }: Pick<ChunkEvents, 'block' | 'times'>): DomEvent[] {
  if (times.length === 0) {
    return [];
  }
  const { events } = readDomEvents(block);
  if (events.length !== times.length) {
    throw new Error('The events of this chunk are damaged.');
  }
  return events.map((event, i) => Object.assign(event, { timestamp: times[i] }) as unknown as DomEvent);
}
