import type { NetworkEvent, WireEvent } from '@session-replay/format';
import type { LoadedChunk } from '../data/chunk-loader.ts';
import { formatPath } from '../data/format.ts';
import type { DomEvent } from '../data/page-part.ts';
import { shownText } from '../data/shown-text.ts';
import { VITALS, formatVital } from './vitals.ts';

/** Longest text of a row; the rest is in its details. */
const MAX_TEXT = 500;

/** A row of the lists. It holds no event: the lists of a long session would otherwise hold the whole of it. */
export interface EventRow {
  time: number;
  kind: string;
  title: string;
  detail: string;
  bad: boolean;
  /** Where its event is. */
  window: string;
  seq: number;
  list: 'dom' | 'other';
  index: number;
  /** Of a request. */
  request?: RequestFacts;
  /** Of a console line. */
  level?: string;
  /** Of a performance event. */
  value?: number;
}

/** What the waterfall shows of a request. */
export type RequestFacts = Pick<NetworkEvent, 'method' | 'url' | 'status' | 'initiator' | 'duration' | 'time_to_first_byte' | 'response_size' | 'error'>;

type Shown = Pick<EventRow, 'kind' | 'title' | 'detail'> & Partial<Pick<EventRow, 'bad' | 'request' | 'level' | 'value'>>;

const MOUSE = ['mouse up', 'mouse down', 'click', 'context menu', 'double click', 'focus', 'blur', 'touch start', 'touch move', 'touch end'];
const SOURCES = ['DOM change', 'mouse move', 'mouse', 'scroll', 'resize', 'input', 'touch move', 'media', 'style change', 'canvas', 'font', 'log', 'drag', 'style', 'selection', 'sheets'];
const SCROLL = 3;
const INPUT = 5;
const TYPES = ['loaded', 'load', 'full snapshot', 'change', 'page', 'custom'];

/** What a visitor types or scrolls comes in many events: one row stands for those of an element that follow each other so soon. */
const RUN_MS = 2000;

/** Makes the rows of a chunk, in order of time. */
export function eventRows(chunk: Pick<LoadedChunk, 'window' | 'seq' | 'other'>, dom: readonly DomEvent[]): EventRow[] {
  const isNewRun = runs();
  const place = (list: EventRow['list'], time: number, index: number, shown: Shown): EventRow =>
    ({ bad: false, ...shown, title: shownText(shown.title), detail: shownText(shown.detail.slice(0, MAX_TEXT)), time, window: chunk.window, seq: chunk.seq, list, index });
  return [
    ...dom.map((event, i) => place('dom', event.timestamp, i, domRow(event, isNewRun))),
    ...chunk.other.map((event, i) => place('other', event.time, i, wireRow(event))),
  ].sort((a, b) => a.time - b.time);
}

function domRow(event: DomEvent, isNewRun: (event: DomEvent) => boolean): Shown {
  const source = event.data['source'] as number;
  const isMouse = event.type === 3 && source === 2;
  const title = isMouse ? MOUSE[event.data['type'] as number] ?? 'mouse' : event.type === 3 ? SOURCES[source] ?? 'change' : TYPES[event.type] ?? 'event';
  const detail = event.type === 4 ? formatPath(event.data['href'] as string)
    : isMouse || (event.type === 3 && (source === SCROLL || source === INPUT)) ? nameOf(event)
    : event.type === 3 && source === 0 ? `${count(event, 'adds')} added, ${count(event, 'removes')} removed, ${count(event, 'attributes')} changed`
    : '';
  const kind = isMouse && title === 'click' ? 'click' : event.type === 3 && (source === SCROLL || source === INPUT) && isNewRun(event) ? title : 'dom';
  return { kind, title, detail };
}

/** How the recorder has named what was acted on: by its text or label, and by a selector; of a field also what it shows. */
function nameOf({ data }: DomEvent): string {
  const shown = data['source'] === INPUT && typeof data['text'] === 'string' && data['text'] !== '' ? `“${data['text']}”` : '';
  return [data['label'], data['target'], shown].filter((text) => typeof text === 'string' && text !== '').join(' · ');
}

function runs(): (event: DomEvent) => boolean {
  const last = new Map<string, number>();
  return ({ data, timestamp }) => {
    const key = `${String(data['source'])}/${String(data['id'])}`;
    const before = last.get(key) ?? -Infinity;
    last.set(key, timestamp);
    return timestamp - before > RUN_MS;
  };
}

const count = (event: DomEvent, name: string): number => ((event.data[name] as unknown[] | undefined) ?? []).length;

function wireRow(event: WireEvent): Shown {
  if (event.console) {
    const { level, args } = event.console;
    return { kind: 'console', title: level, detail: args.join(' '), bad: level === 'error' || level === 'assert', level };
  }
  if (event.network) {
    const { method, url, status, initiator, duration, time_to_first_byte, response_size, error } = event.network;
    const aborted = error === 'aborted';
    return {
      kind: 'network', title: `${method} ${status || (error && !aborted ? 'failed' : '')}`.trim(), detail: formatPath(url) + (error ? ` (${error})` : ''),
      bad: status >= 400 || (status === 0 && error !== '' && !aborted),
      request: { method, url, status, initiator, duration, time_to_first_byte, response_size, error },
    };
  }
  if (event.navigation) {
    return { kind: 'navigation', title: event.navigation.type, detail: event.navigation.url };
  }
  if (event.error) {
    return { kind: 'error', title: event.error.name || 'Error', detail: event.error.message, bad: true };
  }
  if (event.performance) {
    const { name, value, rating } = event.performance;
    const vital = VITALS.find((v) => v.name === name);
    return { kind: 'performance', title: name, detail: vital ? `${formatVital(vital, value)} · ${vital.title.toLowerCase()}` : String(Math.round(value * 1000) / 1000), bad: rating === 'poor', value };
  }
  if (event.custom) {
    return { kind: 'custom', title: event.custom.name, detail: event.custom.properties_json };
  }
  if (event.identify) {
    return { kind: 'identify', title: 'identify', detail: event.identify.email || event.identify.user_id };
  }
  if (event.interaction) {
    const { type, text, target } = event.interaction;
    return { kind: 'interaction', title: type.replace('_', ' '), detail: [text, target].filter(Boolean).join(' · '), bad: type === 'rage_click' };
  }
  if (event.server) {
    return { kind: 'server', title: event.server.type, detail: event.server.message, bad: event.server.status >= 500 || event.server.level === 'error' };
  }
  return { kind: 'gap', title: event.gap?.reason ?? 'event', detail: '' };
}
