import { html, type TemplateResult } from 'lit';
import { formatBytes, formatDuration, formatPath } from '../data/format.ts';
import { milliseconds } from '../events/event-details.ts';
import type { EventRow, RequestDetails } from '../events/event-rows.ts';
import { KINDS } from '../events/markers.ts';

/** A choice of what a list shows. */
interface PanelFilter {
  name: string;
  test: (row: EventRow) => boolean;
}

/** What rows are drawn with. */
export interface PanelContext {
  /** The session's start. */
  start: number;
  /** The stretch of time that the rows in view cover. */
  axis: { from: number; to: number };
  /** The playhead. */
  time: number;
}

/** A list of events: which, how they are filtered, how a row looks. */
export interface PanelView {
  title: string;
  /** All rows are as high, so that only those in view need to be drawn. */
  rowHeight: number;
  filters: PanelFilter[];
  includes: (row: EventRow) => boolean;
  /** Whether a row is listed when no filter is chosen and nothing is searched for. */
  isUsual: (row: EventRow) => boolean;
  row: (row: EventRow, context: PanelContext) => TemplateResult;
  head?: (context: PanelContext) => TemplateResult;
  /** The axis can be narrowed to a stretch round the playhead. */
  hasAxis?: boolean;
}

const at = (row: EventRow, { start }: PanelContext): TemplateResult => html`<span class="at">${formatDuration(row.time - start)}</span>`;
const ofKind = (...kinds: string[]) => (row: EventRow): boolean => kinds.includes(row.kind);

const events: PanelView = {
  title: 'Events',
  rowHeight: 28,
  filters: [
    { name: 'Clicks', test: (row) => row.kind === 'click' || (row.kind === 'interaction' && row.title.endsWith('click')) },
    { name: 'Inputs', test: ofKind('input', 'scroll') },
    { name: 'Pages', test: ofKind('navigation') },
    { name: 'Errors', test: (row) => row.bad },
    { name: 'Custom', test: ofKind('custom', 'identify') },
    { name: 'Console', test: ofKind('console') },
    { name: 'Requests', test: ofKind('network') },
    { name: 'Server', test: ofKind('server') },
    { name: 'Page changes', test: ofKind('dom') },
  ],
  includes: () => true,
  isUsual: (row) => row.kind !== 'dom',
  row: (row, context) => html`${at(row, context)}${sign(row)}<span class="title">${row.title}</span><span
    class="detail">${row.kind === 'navigation' ? formatPath(row.detail) : row.detail}</span>`,
};

/** The kind of marker that the timeline shows for an event; empty for those that it does not show. */
function markerKind({ kind, title, bad }: EventRow): string {
  switch (kind) {
    case 'interaction':
      return title.replace(' ', '_');
    case 'network':
    case 'console':
      return bad ? `${kind}_error` : '';
    case 'performance':
      return bad ? kind : '';
    default:
      return kind;
  }
}

/** The sign that the event has on the timeline. */
function sign(row: EventRow): TemplateResult {
  const known = KINDS.get(markerKind(row));
  return html`<span class="sign">${known ? html`<i class="form ${known.form}" .style="background:${known.color}"></i>` : ''}</span>`;
}

const LEVELS: [name: string, levels: string[]][] = [
  ['Errors', ['error', 'assert']], ['Warnings', ['warn']], ['Info', ['info', 'log']], ['Debug', ['debug', 'trace']],
];

const console: PanelView = {
  title: 'Console',
  rowHeight: 28,
  filters: LEVELS.map(([name, levels]) => ({
    name,
    test: (row) => levels.includes(row.level ?? '') || (name === 'Errors' && row.kind === 'error'),
  })),
  includes: ofKind('console', 'error'),
  isUsual: () => true,
  row: (row, context) => html`${at(row, context)}<span
    class="badge ${row.bad ? 'bad' : row.level === 'warn' ? 'warn' : ''}">${row.kind === 'error' ? 'uncaught' : row.title}</span>
    <span class="message">${row.kind === 'error' ? `${row.title}: ` : ''}${row.detail}</span>`,
};

const TICKS = [0, 0.25, 0.5, 0.75];

const network: PanelView = {
  title: 'Network',
  rowHeight: 42,
  hasAxis: true,
  filters: [
    { name: 'Failed', test: (row) => row.bad },
    { name: 'Fetch', test: (row) => row.request?.initiator === 'fetch' },
    { name: 'XHR', test: (row) => row.request?.initiator === 'xhr' },
    { name: 'Beacon', test: (row) => row.request?.initiator === 'beacon' },
  ],
  includes: ofKind('network'),
  isUsual: () => true,
  head: ({ axis, start }) => {
    const whole = axis.to - axis.from;
    return html`<div class="axis" aria-hidden="true"><span></span><div>
      ${TICKS.map((t) => html`<span .style="left:${t * 100}%">${tick(axis.from - start + whole * t, whole)}</span>`)}</div></div>`;
  },
  row: (row, context) => {
    const request = row.request!;
    const badge = html`<span class="badge ${row.bad ? 'bad' : ''}">${request.status || 'failed'}</span>`;
    return html`<span class="request"><span class="line">${badge} <b>${request.method}</b> ${formatPath(request.url)}</span>
        <span class="line sub">${measures(row.time - context.start, request)}</span></span>
      ${waterfall(row.time, request, context)}`;
  },
};

/** When a request began, how long it took, how much it brought, who made it, and how it failed. */
function measures(began: number, { duration, response_size: size, initiator, error }: RequestDetails): string {
  return [formatDuration(began), milliseconds(duration), size > 0 ? formatBytes(size) : '', initiator, error].filter(Boolean).join(' · ');
}

/** Draws a request on the common axis: waiting, then receiving. */
function waterfall(time: number, request: RequestDetails, { axis, time: playhead }: PanelContext): TemplateResult {
  const whole = Math.max(1, axis.to - axis.from);
  const percent = (t: number): number => Math.min(100, Math.max(0, ((t - axis.from) / whole) * 100));
  const waited = request.time_to_first_byte > 0 ? Math.min(request.time_to_first_byte, request.duration) : request.duration;
  const span = (from: number, to: number): string => `left:${percent(from)}%;width:${Math.max(0, percent(to) - percent(from))}%`;
  const isInView = time <= axis.to && time + request.duration >= axis.from;
  const hasFailed = request.status === 0 || request.status >= 400;
  const isNow = playhead >= axis.from && playhead <= axis.to;
  return html`<span class="fall" title="waiting ${milliseconds(waited)}, receiving ${milliseconds(Math.max(0, request.duration - waited))}">
    ${isInView ? html`<i class="waiting ${hasFailed ? 'bad' : ''}" .style=${span(time, time + waited)}></i><i
      class="receiving" .style=${span(time + waited, time + request.duration)}></i>` : ''}
    ${isNow ? html`<i class="now" .style="left:${percent(playhead)}%"></i>` : ''}</span>`;
}

function tick(ms: number, whole: number): string {
  return whole < 20_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms);
}

/** The lists by name. */
export const VIEWS = { events, console, network };

/** Names a list. */
export type PanelName = keyof typeof VIEWS;
