import type { DomEvent, PagePart } from '../../src/data/page-part.ts';

/** The events of a chunk as the loader gives them; `json` stands for them where they nest too deep to be written. */
export function partOf(events: DomEvent[], json = JSON.stringify(events)): PagePart {
  return { json: new TextEncoder().encode(json), times: Float64Array.from(events, (event) => event?.timestamp ?? 0), sheets: new Map(), assets: new Map() };
}
