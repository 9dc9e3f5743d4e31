import type { Header, NetworkEvent, WireEvent } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { formatBytes } from '../data/format.ts';
import { shownText } from '../data/shown-text.ts';

const MAX_TEXT = 20_000;

/** An event written for reading: short fields first, then texts. */
export interface EventDetails {
  fields: [name: string, value: string][];
  texts: [title: string, text: string][];
}

/** Writes an event for reading. What is JSON is indented. */
export function eventDetails(event: WireEvent | DomEvent): EventDetails {
  const { fields, texts } = 'data' in event ? domDetails(event) : wireDetails(event);
  return {
    fields: fields.filter(([, value]) => value !== '').map(([name, value]) => [name, shownText(value)]),
    texts: texts
      .filter(([, text]) => text !== '')
      .map(([title, text]) => [title, shownText(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}\n…` : text, false)]),
  };
}

function domDetails(event: DomEvent): EventDetails {
  // `delay` is the replayer's own note.
  const text = JSON.stringify({ type: event.type, data: event.data }, (key, value: unknown) => (key === 'delay' ? undefined : value), 2);
  return { fields: [], texts: [['Event', text]] };
}

type Kind = 'network' | 'console' | 'error' | 'custom' | 'identify' | 'navigation' | 'interaction' | 'performance' | 'server' | 'gap';

/** What is shown of an event, by its kind. */
const DETAILS: { [K in Kind]: (event: NonNullable<WireEvent[K]>) => EventDetails } = {
  network: requestDetails,
  console: ({ level, args, stack }) => ({
    fields: [['Level', level]],
    texts: [...args.map((arg, i): [string, string] => [i === 0 ? 'Message' : `Argument ${i + 1}`, pretty(arg)]), ['Stack', stack]],
  }),
  error: (e) => ({
    fields: [['Name', e.name], ['Message', e.message], ['Caught by', e.source], ['At', e.file ? `${e.file}:${e.line}:${e.column}` : '']],
    texts: [['Stack', e.stack]],
  }),
  custom: (e) => ({ fields: [['Name', e.name]], texts: [['Properties', pretty(e.properties_json)]] }),
  identify: (e) => ({
    fields: [['User id', e.user_id], ['E-mail', e.email], ['Name', e.name]],
    texts: [['Traits', pretty(e.traits_json)]],
  }),
  navigation: (e) => ({ fields: [['URL', e.url], ['Title', e.title], ['By', e.type]], texts: [] }),
  interaction: (e) => ({
    fields: [['What', e.type.replace('_', ' ')], ['Element', e.target], ['Text', e.text], ['Clicks', e.count ? String(e.count) : '']],
    texts: [],
  }),
  performance: (e) => ({ fields: [['Name', e.name], ['Value', String(e.value)], ['Rating', e.rating], ['Element', e.target]], texts: [] }),
  server: (e) => ({
    fields: [
      ['What', e.type], ['Message', e.message], ['Level', e.level], ['Status', e.status ? String(e.status) : ''],
      ['Took', e.duration ? milliseconds(e.duration) : ''], ['Trace id', e.trace_id], ['Request id', e.request_id],
    ],
    texts: [['Detail', pretty(e.detail_json)]],
  }),
  gap: (e) => ({ fields: [['What', `recording paused: ${e.reason}`], ['For', milliseconds(e.to - e.from)]], texts: [] }),
};

function wireDetails(event: WireEvent): EventDetails {
  for (const [kind, details] of Object.entries(DETAILS)) {
    const value = event[kind as Kind];
    if (value) {
      return (details as (value: unknown) => EventDetails)(value);
    }
  }
  return { fields: [['What', 'unknown']], texts: [] };
}

function requestDetails(n: NetworkEvent): EventDetails {
  const receiving = Math.max(0, n.duration - n.time_to_first_byte);
  return {
    fields: [
      ['URL', n.url], ['Method', n.method], ['Status', n.status === 0 ? 'no answer' : String(n.status)], ['Error', n.error],
      ['Sent by', n.initiator], ['Took', milliseconds(n.duration)],
      ['Waiting', n.time_to_first_byte > 0 ? milliseconds(n.time_to_first_byte) : ''],
      ['Receiving', n.time_to_first_byte > 0 ? milliseconds(receiving) : ''],
      ['Sent', bytes(n.request_size)], ['Received', bytes(n.response_size)], ['Request id', n.request_id],
    ],
    texts: [
      ['Request headers', headers(n.request_headers)], ['Request body', pretty(n.request_body)],
      ['Response headers', headers(n.response_headers)], ['Response body', pretty(n.response_body)],
    ],
  };
}

const headers = (list: Header[]): string => list.map((h) => `${h.name}: ${h.value}`).join('\n');
const bytes = (size: number): string => (size > 0 ? formatBytes(size) : '');

/** Writes a time span in ms, or in s when it is long. */
export function milliseconds(ms: number): string {
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;
}

function pretty(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? JSON.stringify(value, undefined, 2) : text;
  } catch {
    return text;
  }
}
