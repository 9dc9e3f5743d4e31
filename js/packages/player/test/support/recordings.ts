import { encodeBatch, idToBytes, newId, writeDomEvents, type EventBatch, type WireEvent } from '@session-replay/format';
import type { ChunkInfo, Manifest, Session, WindowInfo } from '../../src/data/types.ts';
import { element, snapshotOf, text as textNode } from './nodes.ts';

/** An event as a recorder has it. */
export type RecordedEvent = WireEvent & { dom?: object };

/** Parts of recordings for tests. */
export const chunk = (seq: number, from: number, to: number, snapshot = false, active?: [number, number][] | null): ChunkInfo => ({
  seq,
  from,
  to,
  events: 1,
  bytes: 1,
  snapshot,
  active,
});

export const window = (
  id: string,
  from: number,
  to: number,
  chunks = [chunk(0, from, from, true)],
  missing: [number, number][] = [],
): WindowInfo => ({ id, clockOffset: 0, from, to, url: null, title: null, closed: true, chunks, missing });

export const session = (overrides: Partial<Session> = {}): Session => ({
  tenant: 'shop',
  id: newId(),
  startedAt: 0,
  lastActivityAt: 0,
  endedAt: 0,
  durationMs: 0,
  live: false,
  user: null,
  ip: null,
  browser: 'Chrome 140',
  os: 'Linux',
  device: 'desktop',
  entryUrl: 'https://shop.example/',
  pages: 1,
  errors: 0,
  clicks: 0,
  rageClicks: 0,
  requests: 0,
  failedRequests: 0,
  events: 10,
  chunks: 1,
  bytes: 100,
  windows: 1,
  lostEvents: 0,
  viewportWidth: 800,
  viewportHeight: 600,
  customEvents: [],
  ...overrides,
});

export const manifest = (
  windows: WindowInfo[],
  overrides: Partial<Omit<Manifest, 'session'>> & { session?: Partial<Session> } = {},
): Manifest => {
  const startedAt = Math.min(...windows.map((w) => w.from));
  const lastActivityAt = Math.max(...windows.map((w) => w.to));
  const chunks = windows.reduce((sum, w) => sum + w.chunks.length, 0);
  return {
    windows, markers: [], markersTruncated: false, view: '', nextCursor: null, ...overrides,
    session: session({ startedAt, lastActivityAt, durationMs: lastActivityAt - startedAt, chunks, ...overrides.session }),
  };
};

/** A batch with some events. */
export const batch = (events: RecordedEvent[], seq = 0, block = blockOf(events)): Uint8Array<ArrayBuffer> =>
  encodeBatch({
    version: 1, session_id: idToBytes(newId()), window_id: idToBytes(newId()), seq, recorder_version: '0.1.0', last: false, lost_events: 0,
    dom_events: block, events: events.filter(({ dom }) => !dom),
  } as EventBatch);

const blockOf = (events: RecordedEvent[]): Uint8Array | undefined => {
  const dom = events.flatMap(({ time, dom: event }) => (event ? [{ time, event }] : []));
  return dom.length > 0 ? writeDomEvents(dom) : undefined;
};

export const dom = (time: number, type: number, data: object): RecordedEvent => ({ time, dom: { type, data, timestamp: time } });

/** The two events of a page with a text on it. */
export const page = (time: number, text: string): RecordedEvent[] => [
  dom(time, 4, { href: 'https://shop.example/', width: 800, height: 600 }),
  dom(time, 2, snapshotOf([element('p', 5, { id: 'text' }, [textNode(text, 6)])])),
];

/** The page's text becomes another. */
export const change = (time: number, text: string): RecordedEvent =>
  dom(time, 3, { source: 0, texts: [{ id: 6, value: text }], attributes: [], removes: [], adds: [] });

export const move = (time: number): RecordedEvent => dom(time, 3, { source: 1, positions: [{ x: 10, y: 10, id: 5, timeOffset: 0 }] });

export const log = (time: number, level: string, text: string): WireEvent => ({ time, console: { level, args: [text], stack: '' } });

export const request = (time: number, url: string, status: number, duration: number): WireEvent => ({
  time,
  network: {
    method: 'GET', url, status, initiator: 'fetch', duration, time_to_first_byte: duration / 2, request_size: 0, response_size: 2048,
    request_headers: [], response_headers: [], request_body: '', response_body: '{"ok":true}', error: '', request_id: '',
  },
});
