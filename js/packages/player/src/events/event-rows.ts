import type { NetworkEvent, WireEvent } from '@session-replay/format';
import { INCREMENTAL, INPUT, META, MOUSE_INTERACTION, MUTATION, SCROLL } from '@session-replay/format';
import { formatPath } from '../data/format.ts';
import type { DomEvent } from '../data/chunk-events.ts';
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
  request?: RequestDetails;
  /** Of a console line. */
  level?: string;
  /** Of a performance event. */
  value?: number;
}

/** What the waterfall shows of a request. */
export type RequestDetails = Pick<
  NetworkEvent,
  'method' | 'url' | 'status' | 'initiator' | 'duration' | 'time_to_first_byte' | 'response_size' | 'error'
>;

type Shown = Pick<EventRow, 'kind' | 'title' | 'detail'> & Partial<Pick<EventRow, 'bad' | 'request' | 'level' | 'value'>>;

const MOUSE = [
  'mouse up', 'mouse down', 'click', 'context menu', 'double click', 'focus', 'blur', 'touch start', 'touch move', 'touch end',
];
const SOURCES = [
  'DOM change', 'mouse move', 'mouse', 'scroll', 'resize', 'input', 'touch move', 'media', 'style change', 'canvas', 'font', 'log', 'drag',
  'style', 'selection', 'sheets',
];
const TYPES = ['loaded', 'load', 'full snapshot', 'change', 'page', 'custom'];

/** What a visitor types or scrolls comes in many events: one row stands for those of an element that follow each other so soon. */
const RUN_MS = 2000;

/** A chunk and its events that are not of the DOM. */
interface ListedChunk {
  window: string;
  seq: number;
  other: WireEvent[];
}

/** Makes the rows of a chunk, in order of time. */
export function eventRows(chunk: ListedChunk, dom: readonly DomEvent[]): EventRow[] {
  const isNewRun = runs();
  const place = (list: EventRow['list'], time: number, index: number, shown: Shown): EventRow => ({
    bad: false,
    ...shown,
    title: shownText(shown.title),
    detail: shownText(shown.detail.slice(0, MAX_TEXT)),
    time,
    window: chunk.window,
    seq: chunk.seq,
    list,
    index,
  });
  return [
    ...dom.map((event, i) => place('dom', event.timestamp, i, domRow(event, isNewRun))),
    ...chunk.other.map((event, i) => place('other', event.time, i, wireRow(event))),
  ].sort((a, b) => a.time - b.time);
}

function domRow(event: DomEvent, isNewRun: (event: DomEvent) => boolean): Shown {
  if (event.type !== INCREMENTAL) {
    const detail = event.type === META ? formatPath(event.data['href'] as string) : '';
    return { kind: 'dom', title: TYPES[event.type] ?? 'event', detail };
  }
  const source = event.data['source'] as number;
  if (source === MOUSE_INTERACTION) {
    const title = MOUSE[event.data['type'] as number] ?? 'mouse';
    return { kind: title === 'click' ? 'click' : 'dom', title, detail: nameOf(event) };
  }
  const title = SOURCES[source] ?? 'change';
  if (source === SCROLL || source === INPUT) {
    return { kind: isNewRun(event) ? title : 'dom', title, detail: nameOf(event) };
  }
  const changes = `${count(event, 'adds')} added, ${count(event, 'removes')} removed, ${count(event, 'attributes')} changed`;
  return { kind: 'dom', title, detail: source === MUTATION ? changes : '' };
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

type Kind = 'console' | 'network' | 'navigation' | 'error' | 'performance' | 'custom' | 'identify' | 'interaction' | 'server' | 'gap';

/** How an event is listed, by its kind. */
const ROWS: { [K in Kind]: (event: NonNullable<WireEvent[K]>) => Shown } = {
  console: ({ level, args }) => ({
    kind: 'console', title: level, detail: args.join(' '), bad: level === 'error' || level === 'assert', level,
  }),
  network: requestRow,
  navigation: (e) => ({ kind: 'navigation', title: e.type, detail: e.url }),
  error: (e) => ({ kind: 'error', title: e.name || 'Error', detail: e.message, bad: true }),
  performance: ({ name, value, rating }) => {
    const vital = VITALS.find((v) => v.name === name);
    const detail = vital ? `${formatVital(vital, value)} · ${vital.title.toLowerCase()}` : String(Math.round(value * 1000) / 1000);
    return { kind: 'performance', title: name, detail, bad: rating === 'poor', value };
  },
  custom: (e) => ({ kind: 'custom', title: e.name, detail: e.properties_json }),
  identify: (e) => ({ kind: 'identify', title: 'identify', detail: e.email || e.user_id }),
  interaction: ({ type, text, target }) => ({
    kind: 'interaction', title: type.replace('_', ' '), detail: [text, target].filter(Boolean).join(' · '), bad: type === 'rage_click',
  }),
  server: (e) => ({ kind: 'server', title: e.type, detail: e.message, bad: e.status >= 500 || e.level === 'error' }),
  gap: (e) => ({ kind: 'gap', title: e.reason, detail: '' }),
};

function wireRow(event: WireEvent): Shown {
  for (const [kind, row] of Object.entries(ROWS)) {
    const value = event[kind as Kind];
    if (value) {
      return (row as (value: unknown) => Shown)(value);
    }
  }
  return { kind: 'gap', title: 'event', detail: '' };
}

function requestRow({ method, url, status, initiator, duration, time_to_first_byte, response_size, error }: NetworkEvent): Shown {
  const aborted = error === 'aborted';
  return {
    kind: 'network',
    title: `${method} ${status || (error && !aborted ? 'failed' : '')}`.trim(),
    detail: formatPath(url) + (error ? ` (${error})` : ''),
    bad: status >= 400 || (status === 0 && error !== '' && !aborted),
    request: { method, url, status, initiator, duration, time_to_first_byte, response_size, error },
  };
}
