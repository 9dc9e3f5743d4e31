import type { Header, WireEvent } from '@session-replay/format';
import type { DomEvent } from '../data/page-part.ts';
import { formatBytes } from '../data/format.ts';
import { shownText } from '../data/shown-text.ts';

const MAX_TEXT = 20_000;

/** An event written for reading: short facts first, then texts. */
export interface EventDetails {
  facts: [name: string, value: string][];
  texts: [title: string, text: string][];
}

/** Writes an event for reading. What is JSON is indented. */
export function eventDetails(event: WireEvent | DomEvent): EventDetails {
  const { facts, texts } = 'data' in event ? domDetails(event) : wireDetails(event);
  return {
    facts: facts.filter(([, value]) => value !== '').map(([name, value]) => [name, shownText(value)]),
    texts: texts.filter(([, text]) => text !== '').map(([title, text]) => [title, shownText(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}\n…` : text, false)]),
  };
}

function domDetails(event: DomEvent): EventDetails {
  // `delay` is the replayer's own note.
  const text = JSON.stringify({ type: event.type, data: event.data }, (key, value: unknown) => (key === 'delay' ? undefined : value), 2);
  return { facts: [], texts: [['Event', text]] };
}

function wireDetails(event: WireEvent): EventDetails {
  if (event.network) {
    const n = event.network;
    return {
      facts: [
        ['URL', n.url], ['Method', n.method], ['Status', n.status === 0 ? 'no answer' : String(n.status)], ['Error', n.error], ['Sent by', n.initiator],
        ['Took', milliseconds(n.duration)], ['Waiting', n.time_to_first_byte > 0 ? milliseconds(n.time_to_first_byte) : ''],
        ['Receiving', n.time_to_first_byte > 0 ? milliseconds(Math.max(0, n.duration - n.time_to_first_byte)) : ''],
        ['Sent', bytes(n.request_size)], ['Received', bytes(n.response_size)], ['Request id', n.request_id],
      ],
      texts: [['Request headers', headers(n.request_headers)], ['Request body', pretty(n.request_body)],
        ['Response headers', headers(n.response_headers)], ['Response body', pretty(n.response_body)]],
    };
  }
  if (event.console) {
    return { facts: [['Level', event.console.level]], texts: [...event.console.args.map((arg, i): [string, string] => [i === 0 ? 'Message' : `Argument ${i + 1}`, pretty(arg)]), ['Stack', event.console.stack]] };
  }
  if (event.error) {
    const e = event.error;
    return { facts: [['Name', e.name], ['Message', e.message], ['Caught by', e.source], ['At', e.file ? `${e.file}:${e.line}:${e.column}` : '']], texts: [['Stack', e.stack]] };
  }
  if (event.custom) {
    return { facts: [['Name', event.custom.name]], texts: [['Properties', pretty(event.custom.properties_json)]] };
  }
  if (event.identify) {
    const i = event.identify;
    return { facts: [['User id', i.user_id], ['E-mail', i.email], ['Name', i.name]], texts: [['Traits', pretty(i.traits_json)]] };
  }
  if (event.navigation) {
    return { facts: [['URL', event.navigation.url], ['Title', event.navigation.title], ['By', event.navigation.type]], texts: [] };
  }
  if (event.interaction) {
    const i = event.interaction;
    return { facts: [['What', i.type.replace('_', ' ')], ['Element', i.target], ['Text', i.text], ['Clicks', i.count ? String(i.count) : '']], texts: [] };
  }
  if (event.performance) {
    const p = event.performance;
    return { facts: [['Name', p.name], ['Value', String(p.value)], ['Rating', p.rating], ['Element', p.target]], texts: [] };
  }
  if (event.server) {
    const s = event.server;
    return {
      facts: [['What', s.type], ['Message', s.message], ['Level', s.level], ['Status', s.status ? String(s.status) : ''], ['Took', s.duration ? milliseconds(s.duration) : ''],
        ['Trace id', s.trace_id], ['Request id', s.request_id]],
      texts: [['Detail', pretty(s.detail_json)]],
    };
  }
  return { facts: [['What', event.gap ? `recording paused: ${event.gap.reason}` : 'unknown'], ['For', event.gap ? milliseconds(event.gap.to - event.gap.from) : '']], texts: [] };
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
