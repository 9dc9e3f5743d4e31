import type { WireEvent } from '@session-replay/format';
import type { Marker } from '../../src/data/types.ts';
import { chunk, dom, manifest, type RecordedEvent } from './recordings.ts';
import type { Recording } from './replay-server.ts';

/** A page of a session as rrweb wrote it, and its other events. */
export interface RecordedPage {
  url: string;
  title: string;
  events: { type: number; data: Record<string, unknown>; timestamp: number }[];
  typed?: WireEvent[];
}

/** What a visitor causes, by rrweb's sources, as the server finds it. */
const VISITOR = new Set<unknown>([1, 2, 3, 4, 5, 6, 7, 12]);
const BATCH_MS = 5000;

/** Makes a session of recorded pages: cut into batches, with the activity and the markers that the server would find. */
export function sessionOf(pages: RecordedPage[]): Recording {
  const markers: Marker[] = [];
  const batches = new Map<string, RecordedEvent[][]>();
  const windows = pages.map(({ url, title, events, typed }, i) => {
    const id = `w${i}`;
    const all = [
      ...events.map((e) => ({
        event: dom(e.timestamp, e.type, e.data),
        isSnapshot: e.type === 2,
        isAct: e.type === 3 && VISITOR.has(e.data['source']) && ![5, 6].includes(e.data['type'] as number),
        isClick: e.type === 3 && e.data['source'] === 2 && e.data['type'] === 2,
      })),
      ...(typed ?? []).map((event) => ({
        event,
        isSnapshot: false,
        isAct: Boolean(event.custom ?? event.interaction ?? event.navigation),
        isClick: false,
      })),
    ].sort((a, b) => a.event.time - b.event.time);
    const parts: (typeof all)[] = [];
    for (const one of all) {
      const part = parts.at(-1);
      if (part && one.event.time - part[0]!.event.time < BATCH_MS) {
        part.push(one);
      } else {
        parts.push([one]);
      }
      const kind = one.isClick ? 'click' : one.event.custom ? 'custom' : undefined;
      if (kind) {
        markers.push({ time: one.event.time, window: id, kind, label: one.event.custom?.name ?? '' });
      }
    }
    batches.set(id, parts.map((part) => part.map((one) => one.event)));
    const times = (part: typeof all): [number, number] => [part[0]!.event.time, part.at(-1)!.event.time];
    return {
      id,
      clockOffset: 0,
      from: all[0]!.event.time,
      to: all.at(-1)!.event.time,
      url,
      title,
      closed: true,
      missing: [],
      chunks: parts.map((part, seq) =>
        chunk(
          seq,
          ...times(part),
          part.some((one) => one.isSnapshot),
          part.filter((one) => one.isAct).map(({ event }): [number, number] => [event.time, event.time]),
        ),
      ),
    };
  });
  return { manifest: manifest(windows, { markers: markers.sort((a, b) => a.time - b.time) }), events: (w, seq) => batches.get(w)![seq]! };
}
