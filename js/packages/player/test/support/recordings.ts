import { encodeBatch, idToBytes, newId, type EventBatch, type WireEvent } from '@session-replay/format';
import type { ChunkInfo, Manifest, Session, WindowInfo } from '../../src/data/types.ts';

/** Parts of recordings for tests. */
export const chunk = (seq: number, from: number, to: number, snapshot = false, active?: [number, number][] | null): ChunkInfo => ({ seq, from, to, events: 1, bytes: 1, snapshot, active });

export const window = (id: string, from: number, to: number, chunks = [chunk(0, from, from, true)], missing: [number, number][] = []): WindowInfo =>
  ({ id, clockOffset: 0, from, to, url: null, title: null, closed: true, chunks, missing });

export const session = (overrides: Partial<Session> = {}): Session => ({
  tenant: 'shop', id: newId(), startedAt: 0, lastActivityAt: 0, endedAt: 0, durationMs: 0, live: false, user: null, ip: null, browser: 'Chrome 140', os: 'Linux', device: 'desktop',
  entryUrl: 'https://shop.example/', pages: 1, errors: 0, clicks: 0, rageClicks: 0, requests: 0, failedRequests: 0, events: 10, chunks: 1, bytes: 100, windows: 1, lostEvents: 0,
  viewportWidth: 800, viewportHeight: 600, customEvents: [], ...overrides,
});

export const manifest = (windows: WindowInfo[], overrides: Partial<Manifest> & { session?: Partial<Session> } = {}): Manifest => {
  const startedAt = Math.min(...windows.map((w) => w.from));
  const lastActivityAt = Math.max(...windows.map((w) => w.to));
  const chunks = windows.reduce((sum, w) => sum + w.chunks.length, 0);
  return {
    windows, markers: [], markersTruncated: false, nextCursor: null, ...overrides,
    session: session({ startedAt, lastActivityAt, durationMs: lastActivityAt - startedAt, chunks, ...overrides.session }),
  };
};

/** A batch with some events. */
export const batch = (events: WireEvent[], seq = 0): Uint8Array<ArrayBuffer> => encodeBatch({
  version: 1, session_id: idToBytes(newId()), window_id: idToBytes(newId()), seq, recorder_version: '0.1.0', last: false, lost_events: 0, events,
} as EventBatch);

export const dom = (time: number, type: number, data: object): WireEvent => ({ time, dom: new TextEncoder().encode(JSON.stringify({ type, data, timestamp: time })) });

/** The two events of a page with a text on it. */
export const page = (time: number, text: string): WireEvent[] => [
  dom(time, 4, { href: 'https://shop.example/', width: 800, height: 600 }),
  dom(time, 2, {
    node: { type: 0, id: 1, childNodes: [{ type: 2, tagName: 'html', attributes: {}, id: 2, childNodes: [
      { type: 2, tagName: 'head', attributes: {}, id: 3, childNodes: [] },
      { type: 2, tagName: 'body', attributes: {}, id: 4, childNodes: [{ type: 2, tagName: 'p', attributes: { id: 'text' }, id: 5, childNodes: [{ type: 3, textContent: text, id: 6 }] }] },
    ] }] },
    initialOffset: { top: 0, left: 0 },
  }),
];

/** The page's text becomes another. */
export const change = (time: number, text: string): WireEvent => dom(time, 3, { source: 0, texts: [{ id: 6, value: text }], attributes: [], removes: [], adds: [] });

export const move = (time: number): WireEvent => dom(time, 3, { source: 1, positions: [{ x: 10, y: 10, id: 5, timeOffset: 0 }] });

export const log = (time: number, level: string, text: string): WireEvent => ({ time, console: { level, args: [text], stack: '' } });

export const request = (time: number, url: string, status: number, duration: number): WireEvent => ({
  time, network: {
    method: 'GET', url, status, initiator: 'fetch', duration, time_to_first_byte: duration / 2, request_size: 0, response_size: 2048, request_headers: [], response_headers: [],
    request_body: '', response_body: '{"ok":true}', error: '', request_id: '',
  },
});
