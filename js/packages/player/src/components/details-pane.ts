import type { WireEvent } from '@session-replay/format';
import { LitElement, css, html, type TemplateResult } from 'lit';
import type { DomEvent } from '../data/chunk-events.ts';
import { formatDuration } from '../data/format.ts';
import { eventDetails } from '../events/event-details.ts';
import type { EventRow } from '../events/event-rows.ts';
import { theme } from './theme.ts';

/** `<session-replay-details>`: one event, written for reading. `load` gives the event of a row. Dispatches `sr-close`. */
export class DetailsPane extends LitElement {
  static override properties = {
    row: { attribute: false }, start: { type: Number }, load: { attribute: false }, event: { state: true }, failed: { state: true },
  };

  static override styles = [theme, css`
    :host { display: block; background: var(--_surface); border-top: 1px solid var(--_line); overflow: auto; max-height: 45%; }
    header {
      position: sticky; top: 0; display: flex; gap: 8px; align-items: center; padding: 6px 6px 6px 12px;
      background: var(--_surface); border-bottom: 1px solid var(--_line);
    }
    header strong { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    header button { min-height: 26px; padding: 1px 10px; font-size: 12px; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 12px; margin: 0; padding: 8px 12px; font-size: 13px; }
    dt { color: var(--_muted); } dd { margin: 0; overflow-wrap: anywhere; }
    h4 { margin: 0; padding: 6px 12px 0; font-size: 12px; color: var(--_muted); font-weight: 600; }
    pre {
      unicode-bidi: plaintext; margin: 4px 12px 10px; padding: 8px 10px; background: var(--_raised); border-radius: 6px;
      font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
    }
    .notice { padding: 14px; }
  `];

  declare row: EventRow | undefined;
  declare start: number;
  declare load: (row: EventRow) => Promise<WireEvent | DomEvent | undefined>;
  declare event: WireEvent | DomEvent | undefined;
  declare failed: string;

  constructor() {
    super();
    this.start = 0;
    this.failed = '';
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const { row } = this;
    if (!changed.has('row') || !row) {
      return;
    }
    this.event = undefined;
    this.failed = '';
    this.load(row).then(
      (event) => {
        if (row === this.row) {
          this.event = event;
        }
      },
      (error: unknown) => {
        if (row === this.row) {
          this.failed = error instanceof Error ? error.message : String(error);
        }
      });
  }

  override render(): TemplateResult {
    if (!this.row) {
      return html``;
    }
    return html`<header><span class="muted">${formatDuration(this.row.time - this.start)}</span><strong>${this.row.title}</strong>
        <button @click=${this.copy} ?disabled=${!this.event}>Copy</button>
        <button @click=${() => this.dispatchEvent(new CustomEvent('sr-close'))}>Close</button></header>
      ${this.failed ? html`<div class="notice" role="alert">${this.failed}</div>` : this.body()}`;
  }

  private body(): TemplateResult {
    if (!this.event) {
      return html`<div class="notice">Loading…</div>`;
    }
    const { fields, texts } = eventDetails(this.event);
    return html`
      ${fields.length > 0 ? html`<dl>${fields.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>` : ''}
      ${texts.map(([title, text]) => html`<h4>${title}</h4><pre tabindex="0" aria-label=${title}>${text}</pre>`)}`;
  }

  private readonly copy = (): void => {
    const { fields, texts } = eventDetails(this.event!);
    const lines = [...fields.map(([name, value]) => `${name}: ${value}`), ...texts.map(([title, text]) => `${title}\n${text}`)];
    void navigator.clipboard?.writeText(lines.join('\n')).catch(() => undefined);
  };
}

if (!customElements.get('session-replay-details')) {
  customElements.define('session-replay-details', DetailsPane);
}
