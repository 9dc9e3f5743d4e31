import { LitElement, html, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { EventRow } from '../events/event-rows.ts';
import { eventPanelStyles } from './event-panel-styles.ts';
import { VIEWS, type PanelContext, type PanelName, type PanelView } from './panel-view.ts';
import { theme } from './theme.ts';

/** Rows drawn above and below those in view. */
const MARGIN = 6;
/** Where the playhead's row is kept, from the top of the list. */
const FOLLOW_AT = 0.4;
/** How far keys go, in rows. */
const STEPS = new Map([['ArrowDown', 1], ['ArrowUp', -1], ['PageDown', 10], ['PageUp', -10]]);
/** Stretches of time for the waterfall. */
const AXES: [ms: number, name: string][] = [[0, 'All in view'], [30_000, '30 s'], [5000, '5 s'], [1000, '1 s']];

/**
 * `<session-replay-events>`: a list of the session's events, searched and filtered, that follows the playhead. However many there are, only
 * the rows in view are drawn. Dispatches `sr-select` with a row, `sr-search` when something is searched for.
 */
export class EventPanel extends LitElement {
  static override properties = {
    rows: { attribute: false }, start: { type: Number }, time: { type: Number }, name: { type: String }, selected: { attribute: false },
    text: { state: true }, axis: { state: true }, chosen: { state: true },
    top: { state: true }, height: { state: true }, following: { state: true },
  };

  static override styles = [theme, eventPanelStyles];

  declare rows: EventRow[];
  declare start: number;
  declare time: number;
  declare name: PanelName;
  declare selected: EventRow | undefined;
  declare text: string;
  /** How much time the waterfall shows, in ms; 0 for that of the rows in view. */
  declare axis: number;
  declare chosen: ReadonlySet<string>;
  declare top: number;
  declare height: number;
  declare following: boolean;
  private found: EventRow[] = [];
  private now = -1;
  private observer: ResizeObserver | undefined;

  constructor() {
    super();
    this.rows = [];
    this.start = 0;
    this.time = 0;
    this.name = 'events';
    this.text = '';
    this.axis = 0;
    this.chosen = new Set();
    this.top = 0;
    this.height = 400;
    this.following = true;
  }

  /** Puts the cursor into the search. */
  focusSearch(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  override firstUpdated(): void {
    const list = this.list;
    this.observer = new ResizeObserver(() => (this.height = list.clientHeight));
    this.observer.observe(list);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  override willUpdate(changed: PropertyValues): void {
    if (['rows', 'text', 'chosen', 'name'].some((name) => changed.has(name))) {
      this.found = this.find();
    }
    this.now = lastBefore(this.found, this.time);
  }

  override updated(changed: PropertyValues): void {
    if (this.following && ['rows', 'text', 'chosen', 'time', 'height', 'following'].some((name) => changed.has(name))) {
      this.list.scrollTop = (this.now + 0.5) * this.view.rowHeight - this.height * FOLLOW_AT;
    }
  }

  override render(): TemplateResult {
    const { view, found, now } = this;
    const from = Math.max(0, Math.floor(this.top / view.rowHeight) - MARGIN);
    const shown = found.slice(from, Math.ceil((this.top + this.height) / view.rowHeight) + MARGIN);
    const axis = this.axis > 0 ? { from: this.time - this.axis / 2, to: this.time + this.axis / 2 } : axisOf(shown);
    const context: PanelContext = { start: this.start, time: this.time, axis };
    const tabbable = Math.min(Math.max(now, from), from + shown.length - 1);
    return html`${this.tools()}
      ${view.head && shown.length > 0 ? view.head(context) : ''}
      <div class="list">
        <div class="rows" role="listbox" aria-label=${view.title} tabindex=${shown.length === 0 ? 0 : -1} @scroll=${this.scrolled}
          @wheel=${this.let} @touchmove=${this.let} @pointerdown=${this.let} @keydown=${this.key}>
          ${found.length === 0 ? this.nothing() : ''}
          <div class="space" role="presentation" .style="height:${found.length * view.rowHeight}px">
            ${repeat(shown, keyOf, (row, i) => this.row(row, from + i, from + i === tabbable, context))}
          </div>
        </div>
        ${this.following || found.length === 0 ? '' : this.followButton()}
      </div>`;
  }

  private tools(): TemplateResult {
    const { view, found } = this;
    const what = `Search in ${view.title.toLowerCase()}`;
    return html`<div class="tools">
        <input type="search" aria-label=${what} placeholder=${what} .value=${this.text} @input=${this.search}>
        ${view.filters.map((f) => html`<button class="toggle" aria-pressed=${this.chosen.has(f.name)}
          @click=${() => this.choose(f.name)}>${f.name}</button>`)}
        ${view.hasAxis ? html`<select aria-label="Time shown" @change=${this.chooseAxis}>
          ${AXES.map(([ms, name]) => html`<option value=${ms} ?selected=${ms === this.axis}>${name}</option>`)}</select>` : ''}
        <span class="count" role="status">${found.length.toLocaleString('en')} ${found.length === 1 ? 'row' : 'rows'}</span>
      </div>`;
  }

  private nothing(): TemplateResult {
    const isFiltered = this.text !== '' || this.chosen.size > 0;
    return html`<div class="notice">${isFiltered ? 'Nothing that was loaded fits.' : 'Nothing was recorded here up to now.'}</div>`;
  }

  private row(row: EventRow, index: number, isTabbable: boolean, context: PanelContext): TemplateResult {
    const { view, found, now } = this;
    const place = index < now ? 'past' : index === now ? 'now' : '';
    return html`<div role="option" class="row ${place} ${row.bad ? 'bad' : ''}"
      .style="top:${index * view.rowHeight}px;height:${view.rowHeight}px" title=${row.detail}
      data-index=${index} tabindex=${isTabbable ? 0 : -1}
      aria-selected=${row === this.selected} aria-posinset=${index + 1} aria-setsize=${found.length}
      @click=${() => this.select(row)}>${view.row(row, context)}</div>`;
  }

  private followButton(): TemplateResult {
    return html`<button class="follow" @click=${() => (this.following = true)}>Follow playback</button>`;
  }

  private readonly chooseAxis = (event: Event): void => {
    this.axis = Number((event.target as HTMLSelectElement).value);
  };

  private get view(): PanelView {
    return VIEWS[this.name];
  }

  private get list(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.rows')!;
  }

  private find(): EventRow[] {
    const { view } = this;
    const wanted = this.text.trim().toLowerCase();
    const tests = view.filters.filter((f) => this.chosen.has(f.name)).map((f) => f.test);
    return this.rows.filter((row) => view.includes(row)
      && (tests.length > 0 ? tests.some((test) => test(row)) : wanted !== '' || view.isUsual(row))
      && (wanted === '' || row.title.toLowerCase().includes(wanted) || row.detail.toLowerCase().includes(wanted)));
  }

  /** What is searched for may be anywhere in the session: what was not loaded yet is. */
  private readonly search = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value;
    if (this.text.trim() !== '') {
      this.dispatchEvent(new CustomEvent('sr-search'));
    }
  };

  private choose(name: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(name)) {
      chosen.add(name);
    }
    this.chosen = chosen;
  }

  private select(row: EventRow): void {
    this.following = true;
    this.dispatchEvent(new CustomEvent('sr-select', { detail: row }));
  }

  private readonly scrolled = (): void => {
    this.top = this.list.scrollTop;
  };

  /** The viewer scrolls: the list stays where they left it. */
  private readonly let = (event: Event): void => {
    if (event.type !== 'pointerdown' || event.target === this.list) {
      this.following = false;
    }
  };

  private readonly key = (event: KeyboardEvent): void => {
    const option = (event.target as HTMLElement).closest<HTMLElement>('[role=option]');
    const step = STEPS.get(event.key);
    const index = Number(option?.dataset['index'] ?? this.now);
    if (step !== undefined) {
      event.preventDefault();
      this.following = false;
      void this.focusRow(Math.min(this.found.length - 1, Math.max(0, index + step)));
    } else if ((event.key === 'Enter' || event.key === ' ') && this.found[index]) {
      event.preventDefault();
      this.select(this.found[index]);
    }
  };

  private async focusRow(index: number): Promise<void> {
    const { rowHeight } = this.view;
    const list = this.list;
    list.scrollTop = Math.min(index * rowHeight, Math.max(list.scrollTop, (index + 1) * rowHeight - this.height));
    this.top = list.scrollTop;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
  }
}

function keyOf(row: EventRow): string {
  return `${row.window}/${row.seq}/${row.list}/${row.index}`;
}

/** The last row at or before a time, by halves. */
function lastBefore(rows: readonly EventRow[], time: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.time <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

function axisOf(rows: readonly EventRow[]): { from: number; to: number } {
  const from = rows[0]?.time ?? 0;
  return { from, to: rows.reduce((to, row) => Math.max(to, row.time + (row.request?.duration ?? 0)), from + 1) };
}

if (!customElements.get('session-replay-events')) {
  customElements.define('session-replay-events', EventPanel);
}
