import type { WireEvent } from '@session-replay/format';
import type { DomEvent, LoadedChunk } from '../data/chunk-loader.ts';
import { formatPath } from '../data/format.ts';

/** A row of the event inspector. */
export interface EventRow {
  time: number;
  kind: string;
  title: string;
  detail: string;
  bad: boolean;
  source: WireEvent | DomEvent;
}

const MOUSE = ['mouse up', 'mouse down', 'click', 'context menu', 'double click', 'focus', 'blur', 'touch start', 'touch move', 'touch end'];
const SOURCES = ['DOM change', 'mouse move', 'mouse', 'scroll', 'resize', 'input', 'touch move', 'media', 'style change', 'canvas', 'font', 'log', 'drag', 'style', 'selection', 'sheets'];
const TYPES = ['loaded', 'load', 'full snapshot', 'change', 'page', 'custom'];

/** Makes the rows of a chunk, in order of time. */
export function eventRows(chunk: LoadedChunk): EventRow[] {
  return [...chunk.dom.map(domRow), ...chunk.other.map(wireRow)].sort((a, b) => a.time - b.time);
}

function domRow(event: DomEvent): EventRow {
  const source = event.data['source'] as number;
  const isMouse = event.type === 3 && source === 2;
  const title = isMouse ? MOUSE[event.data['type'] as number] ?? 'mouse' : event.type === 3 ? SOURCES[source] ?? 'change' : TYPES[event.type] ?? 'event';
  const detail = event.type === 4 ? formatPath(event.data['href'] as string)
    : event.type === 3 && source === 5 ? String(event.data['text'] ?? '')
    : event.type === 3 && source === 0 ? `${count(event, 'adds')} added, ${count(event, 'removes')} removed, ${count(event, 'attributes')} changed`
    : '';
  return { time: event.timestamp, kind: isMouse && title === 'click' ? 'click' : 'dom', title, detail, bad: false, source: event };
}

const count = (event: DomEvent, name: string): number => ((event.data[name] as unknown[] | undefined) ?? []).length;

function wireRow(event: WireEvent): EventRow {
  const row = (kind: string, title: string, detail: string, bad = false): EventRow => ({ time: event.time, kind, title, detail, bad, source: event });
  if (event.console) {
    return row('console', event.console.level, event.console.args.join(' '), event.console.level === 'error' || event.console.level === 'assert');
  }
  if (event.network) {
    const { method, url, status, error } = event.network;
    return row('network', `${method} ${status || 'failed'}`, formatPath(url) + (error ? ` (${error})` : ''), status === 0 || status >= 400);
  }
  if (event.navigation) {
    return row('navigation', event.navigation.type, formatPath(event.navigation.url));
  }
  if (event.error) {
    return row('error', event.error.name || 'Error', event.error.message, true);
  }
  if (event.performance) {
    return row('performance', event.performance.name, String(Math.round(event.performance.value * 1000) / 1000), event.performance.rating === 'poor');
  }
  if (event.custom) {
    return row('custom', event.custom.name, event.custom.properties_json);
  }
  if (event.identify) {
    return row('identify', 'identify', event.identify.email || event.identify.user_id);
  }
  if (event.interaction) {
    return row('interaction', event.interaction.type.replace('_', ' '), event.interaction.text || event.interaction.target, event.interaction.type === 'rage_click');
  }
  if (event.server) {
    return row('server', event.server.type, event.server.message, event.server.status >= 500);
  }
  return row('gap', event.gap?.reason ?? 'event', '');
}
