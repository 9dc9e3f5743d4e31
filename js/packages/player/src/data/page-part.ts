import { shapeEvent } from '../replay/event-shape.ts';

/** An event of rrweb. */
export interface DomEvent {
  type: number;
  data: Record<string, unknown>;
  timestamp: number;
}

/** The DOM events of a chunk as bytes, which cost little to keep and to hand over; and what they name, to be put back where they are replayed. */
export interface PagePart {
  /** A JSON array in UTF-8. */
  json: Uint8Array<ArrayBuffer>;
  /** When each happened, in ms on the server's clock. */
  times: Float64Array<ArrayBuffer>;
  /** Stylesheets by their hash. */
  sheets: ReadonlyMap<string, string>;
  /** Images and fonts by their hash. */
  assets: ReadonlyMap<string, Blob>;
}

/** Joins the JSON texts of events. */
export function joinTexts(texts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(texts.reduce((sum, text) => sum + text.length + 1, 2));
  let at = 0;
  joined[at++] = 0x5b;
  texts.forEach((text, i) => {
    if (i > 0) {
      joined[at++] = 0x2c;
    }
    joined.set(text, at);
    at += text.length;
  });
  joined[at++] = 0x5d;
  return joined.subarray(0, at);
}

/** Reads the events of a part that have a form that can be replayed. */
export function readEvents(part: Pick<PagePart, 'json' | 'times'>): DomEvent[] {
  return parseEvents(part).filter(shapeEvent);
}

/** Parses the events of a part, of whatever form. Throws for what is not JSON, or not as many events as there are times. */
export function parseEvents({ json, times }: Pick<PagePart, 'json' | 'times'>): DomEvent[] {
  const events = JSON.parse(new TextDecoder().decode(json)) as DomEvent[];
  if (!Array.isArray(events) || events.length !== times.length) {
    throw new Error('The events of this part are damaged.');
  }
  return events.filter((event, i) => {
    if (typeof event !== 'object' || event === null) {
      return false;
    }
    event.timestamp = times[i]!;
    return true;
  });
}
