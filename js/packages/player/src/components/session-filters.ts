import { html, type TemplateResult } from 'lit';

/** What sessions are searched for, by the names that the address of the page and the API have for it. */
export type Filters = Record<string, string>;

/** The parameters of the page's address that are filters. `last` is a span up to now; the API knows only `from` and `to`. */
const FILTER_NAMES = ['user', 'url', 'hasError', 'event', 'last', 'from', 'to', 'browser', 'os', 'device', 'minDuration'] as const;

const SPANS: ReadonlyMap<string, [title: string, ms: number]> = new Map([
  ['1h', ['Last hour', 3_600_000]], ['24h', ['Last 24 hours', 86_400_000]],
  ['7d', ['Last 7 days', 7 * 86_400_000]], ['30d', ['Last 30 days', 30 * 86_400_000]],
]);
const DEVICES = ['desktop', 'mobile', 'tablet', 'bot'];
const MORE = ['event', 'from', 'to', 'browser', 'os', 'device', 'minDuration'];

/** Reads the filters out of the address of a page. */
export function readFilters(search: string): Filters {
  const query = new URLSearchParams(search);
  return Object.fromEntries(FILTER_NAMES.map((name) => [name, query.get(name) ?? '']).filter(([, value]) => value !== '')) as Filters;
}

/** The parameters of the search for some filters, at a time. */
export function searchQuery(filters: Filters, now: number): URLSearchParams {
  const { last, ...query } = filters;
  const span = SPANS.get(last ?? '');
  if (span) {
    // To the minute: the pages of one search must all begin at the same time, and so must a search that is repeated at once.
    query['from'] = String(Math.floor((now - span[1]) / 60_000) * 60_000);
    delete query['to'];
  }
  return new URLSearchParams(query);
}

/** Reads a form of filters. */
export function formFilters(form: FormData): Filters {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const time = (name: string): string => (text(name) ? String(new Date(text(name)).getTime()) : '');
  const all: Filters = {
    ...Object.fromEntries(['user', 'url', 'event', 'last', 'browser', 'os', 'device'].map((name) => [name, text(name)])),
    hasError: form.get('hasError') ? 'true' : '',
    from: text('last') ? '' : time('from'),
    to: text('last') ? '' : time('to'),
    minDuration: Number(text('minDuration')) > 0 ? String(Math.round(Number(text('minDuration')) * 1000)) : '',
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The value of a `datetime-local` field, in the viewer's own zone. */
function localTime(ms: string | undefined): string {
  if (!ms || !Number.isFinite(Number(ms))) {
    return '';
  }
  const time = new Date(Number(ms));
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function submitForm({ target }: Event): void {
  (target as HTMLInputElement | HTMLSelectElement).form!.requestSubmit();
}

export function filterForm(filters: Filters, onSubmit: (event: Event) => void, onClear: (event: Event) => void): TemplateResult {
  const value = (name: string): string => filters[name] ?? '';
  const seconds = Number(value('minDuration')) / 1000;
  const option = (name: string, of: string, title: string): TemplateResult =>
    html`<option value=${name} ?selected=${value(of) === name}>${title}</option>`;
  return html`<form role="search" aria-label="Sessions" @submit=${onSubmit}>
    <label>User id or e-mail<input name="user" .value=${value('user')} autocomplete="off" spellcheck="false"></label>
    <label>Address begins with<input name="url" .value=${value('url')}
      placeholder="/checkout" autocomplete="off" spellcheck="false"></label>
    <label>Time<select name="last" @change=${submitForm}><option value="">Any time</option>
      ${[...SPANS].map(([name, [title]]) => option(name, 'last', title))}</select></label>
    <label class="check"><input type="checkbox" name="hasError" .checked=${value('hasError') === 'true'}
      @change=${submitForm}>With errors</label>
    <button class="primary">Search</button>
    ${Object.keys(filters).length > 0 ? html`<button type="button" @click=${onClear}>Clear</button>` : ''}
    <details ?open=${MORE.some((name) => filters[name])}><summary>More filters</summary><div>
      <label>Custom event<input name="event" .value=${value('event')} autocomplete="off" spellcheck="false"></label>
      <label>From<input type="datetime-local" name="from" .value=${localTime(filters['from'])}></label>
      <label>Up to<input type="datetime-local" name="to" .value=${localTime(filters['to'])}></label>
      <label>Browser<input name="browser" .value=${value('browser')} placeholder="Chrome" autocomplete="off"></label>
      <label>System<input name="os" .value=${value('os')} placeholder="Windows" autocomplete="off"></label>
      <label>Device<select name="device">
        <option value="">Any</option>${DEVICES.map((d) => option(d, 'device', d))}</select></label>
      <label>At least (seconds)<input type="number" min="0" name="minDuration" .value=${seconds > 0 ? String(seconds) : ''}></label>
    </div></details>
  </form>`;
}
