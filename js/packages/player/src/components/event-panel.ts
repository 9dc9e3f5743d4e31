import { LitElement, css, html, type TemplateResult } from 'lit';
import { formatBytes, formatDuration, formatPath } from '../data/format.ts';
import type { EventRow } from './event-rows.ts';
import { theme } from './theme.ts';

const MAX_ROWS = 400;
const KIND_NAMES = ['dom', 'click', 'console', 'network', 'navigation', 'error', 'performance', 'custom', 'identify', 'interaction', 'server', 'gap'];

/** What a panel shows. */
export type PanelMode = 'events' | 'console' | 'network' | 'performance';

/** `<session-replay-events>`: lists events near the playhead, searched and filtered. Dispatches `sr-seek-time` with a time in ms. */
export class EventPanel extends LitElement {
  static override properties = {
    rows: { attribute: false }, start: { type: Number }, time: { type: Number }, mode: { type: String }, text: { state: true }, kind: { state: true }, selected: { state: true },
  };

  static override styles = [theme, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; background: var(--_surface); }
    .tools { display: flex; gap: 8px; padding: 8px; border-bottom: 1px solid var(--_line); }
    .tools input { flex: 1; min-width: 0; }
    .rows { flex: 1; overflow: auto; min-height: 0; }
    button.row { display: grid; grid-template-columns: 52px auto 1fr; gap: 8px; width: 100%; text-align: left; border: 0; border-radius: 0; border-left: 3px solid transparent; padding: 4px 8px; min-height: 0; background: none; font-size: 13px; }
    button.row.network { grid-template-columns: 52px 78px 1fr 90px; }
    button.row.past { border-left-color: var(--_line); }
    button.row.now { border-left-color: var(--_accent); background: var(--_raised); }
    button.row.bad .title { color: var(--_bad); }
    .at { color: var(--_muted); font-variant-numeric: tabular-nums; }
    .title { font-weight: 600; white-space: nowrap; }
    .detail { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--_muted); }
    .wait { display: block; position: relative; height: 8px; margin-top: 6px; background: var(--_raised); border-radius: 2px; overflow: hidden; }
    .wait i { position: absolute; inset: 0 auto 0 0; background: var(--_accent); opacity: 0.75; }
    pre { margin: 0; padding: 10px; border-top: 1px solid var(--_line); background: var(--_raised); font: 12px/1.5 ui-monospace, monospace; max-height: 40%; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
  `];

  declare rows: EventRow[];
  declare start: number;
  declare time: number;
  declare mode: PanelMode;
  declare text: string;
  declare kind: string;
  declare selected: EventRow | undefined;

  constructor() {
    super();
    this.rows = [];
    this.start = 0;
    this.time = 0;
    this.mode = 'events';
    this.text = '';
    this.kind = '';
  }

  override render(): TemplateResult {
    const kind = this.mode === 'events' ? this.kind : this.mode;
    const wanted = this.text.toLowerCase();
    const all = this.rows.filter((r) => (!kind || r.kind === kind) && (!wanted || `${r.title} ${r.detail}`.toLowerCase().includes(wanted)));
    // A window of rows round the playhead: a long session has more than a page can hold.
    let now = all.findLastIndex((r) => r.time <= this.time);
    const from = Math.max(0, Math.min(now - MAX_ROWS / 2, all.length - MAX_ROWS));
    const shown = all.slice(from, from + MAX_ROWS);
    now -= from;
    return html`<div class="tools">
        <input type="search" aria-label="Search in events" placeholder="Search" .value=${this.text} @input=${(e: Event) => (this.text = (e.target as HTMLInputElement).value)}>
        ${this.mode === 'events' ? html`<select aria-label="Kind of event" @change=${(e: Event) => (this.kind = (e.target as HTMLSelectElement).value)}>
          <option value="">All kinds</option>${KIND_NAMES.map((k) => html`<option>${k}</option>`)}</select>` : ''}
      </div>
      <div class="rows" role="list" aria-label="Events">
        ${shown.length === 0 ? html`<div class="notice">Nothing here up to now.</div>` : ''}
        ${shown.map((row, i) => this.row(row, i < now, i === now))}
      </div>
      ${this.selected ? html`<pre tabindex="0" aria-label="Details">${details(this.selected)}</pre>` : ''}`;
  }

  private row(row: EventRow, past: boolean, now: boolean): TemplateResult {
    const request = 'network' in row.source ? row.source.network : undefined;
    const classes = ['row', past && 'past', now && 'now', row.bad && 'bad', request && 'network'].filter(Boolean).join(' ');
    return html`<button class=${classes} role="listitem" title=${row.detail} @click=${() => this.choose(row)}>
      <span class="at">${formatDuration(row.time - this.start)}</span><span class="title">${row.title}</span><span class="detail">${row.detail}</span>
      ${request ? html`<span title="${Math.round(request.duration)} ms, ${formatBytes(request.response_size)}">
        <span class="wait"><i style="width:${Math.min(100, Math.sqrt(request.duration) * 2)}%"></i></span></span>` : ''}
    </button>`;
  }

  private choose(row: EventRow): void {
    this.selected = row;
    this.dispatchEvent(new CustomEvent('sr-seek-time', { detail: row.time }));
  }
}

/** Writes an event for reading: a request by its parts, everything else as JSON. */
function details(row: EventRow): string {
  const { source } = row;
  if ('network' in source && source.network) {
    const n = source.network;
    const headers = (list: { name: string; value: string }[]) => list.map((h) => `${h.name}: ${h.value}`).join('\n');
    return [
      `${n.method} ${n.url}`, `status ${n.status || 'none'}${n.error ? `, ${n.error}` : ''} (${formatPath(n.initiator)})`,
      `${Math.round(n.duration)} ms, first byte after ${Math.round(n.time_to_first_byte)} ms, sent ${formatBytes(n.request_size)}, received ${formatBytes(n.response_size)}`,
      headers(n.request_headers), n.request_body, headers(n.response_headers), n.response_body,
    ].filter(Boolean).join('\n\n');
  }
  const stack = ('error' in source && source.error?.stack) || ('console' in source && source.console?.stack);
  const text = JSON.stringify(source, (_, value: unknown) => (value instanceof Uint8Array ? undefined : value), 2).slice(0, 20_000);
  return stack ? `${row.title}: ${row.detail}\n\n${stack}` : text;
}

if (!customElements.get('session-replay-events')) {
  customElements.define('session-replay-events', EventPanel);
}
