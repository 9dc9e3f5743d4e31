import { LitElement, css, html, type TemplateResult } from 'lit';
import { Api } from '../data/api.ts';
import { formatDuration, formatPath, formatTime, formatUser } from '../data/format.ts';
import type { Session } from '../data/types.ts';
import { problemNotice } from './problem-notice.ts';
import { theme } from './theme.ts';

const FILTERS = ['user', 'url', 'event', 'hasError', 'from', 'to', 'browser', 'os', 'device', 'minDuration'] as const;

/**
 * `<session-replay-list api href>`: finds sessions. `href` is the address of a session's page with `{id}` in it.
 * The filters are kept in the address of the page, so that a search can be shared.
 */
export class SessionReplayList extends LitElement {
  static override properties = {
    api: { type: String },
    href: { type: String },
    sessions: { state: true },
    cursor: { state: true },
    loading: { state: true },
    error: { state: true },
  };

  static override styles = [theme, css`
    :host { padding: 0 0 24px; }
    form { display: flex; flex-wrap: wrap; gap: 10px; align-items: end; padding: 14px 20px; background: var(--_surface); border-bottom: 1px solid var(--_line); }
    label { display: grid; gap: 3px; font-size: 12px; color: var(--_muted); }
    label input, label select { font-size: 14px; color: var(--_text); }
    label.check { display: flex; align-items: center; gap: 6px; min-height: 32px; font-size: 14px; color: var(--_text); }
    label.check input { min-height: 0; }
    input[name=user] { width: 190px; } input[name=url] { width: 220px; } input[name=event] { width: 130px; } input[name=minDuration] { width: 100px; }
    .table { margin: 16px 20px 0; background: var(--_surface); border: 1px solid var(--_line); border-radius: var(--_radius); overflow: auto; }
    table { width: 100%; border-collapse: collapse; min-width: 860px; }
    th { text-align: left; font-weight: 500; font-size: 12px; color: var(--_muted); padding: 9px 12px; border-bottom: 1px solid var(--_line); white-space: nowrap; }
    td { padding: 9px 12px; border-bottom: 1px solid var(--_line); vertical-align: top; }
    tbody tr:last-child td { border-bottom: 0; }
    tbody tr:hover { background: var(--_raised); }
    td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
    td .sub { display: block; font-size: 12px; color: var(--_muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 280px; }
    td a { font-weight: 600; text-decoration: none; }
    td a:hover { text-decoration: underline; }
    .more { display: flex; justify-content: center; padding: 16px; }
    details { flex-basis: 100%; } summary { cursor: pointer; color: var(--_muted); } details > div { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 10px; }
  `];

  declare api: string;
  declare href: string;
  declare sessions: Session[];
  declare cursor: string | null;
  declare loading: boolean;
  declare error: unknown;
  private filters: Record<string, string> = {};
  private generation = 0;

  constructor() {
    super();
    this.api = '/session-replay/api';
    this.href = '/session-replay/sessions/{id}';
    this.sessions = [];
    this.cursor = null;
    this.loading = false;
    this.error = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const query = new URLSearchParams(location.search);
    for (const name of FILTERS) {
      const value = query.get(name);
      if (value) {
        this.filters[name] = value;
      }
    }
    void this.load(false);
  }

  override render(): TemplateResult {
    return html`${this.form()}
      ${this.error ? problemNotice(this.error, () => void this.load(false)) : this.table()}`;
  }

  private form(): TemplateResult {
    const value = (name: string) => this.filters[name] ?? '';
    const day = (name: string) => (this.filters[name] ? new Date(Number(this.filters[name])).toISOString().slice(0, 10) : '');
    const hasMore = ['event', 'from', 'to', 'browser', 'os', 'device', 'minDuration'].some((name) => this.filters[name]);
    return html`<form role="search" @submit=${this.submit}>
      <label>User id or e-mail<input name="user" .value=${value('user')} autocomplete="off"></label>
      <label>Address begins with<input name="url" .value=${value('url')} placeholder="/checkout" autocomplete="off"></label>
      <label class="check"><input type="checkbox" name="hasError" .checked=${value('hasError') === 'true'}>With errors</label>
      <button class="primary">Search</button>
      <button type="reset" @click=${this.clear}>Clear</button>
      <details ?open=${hasMore}><summary>More filters</summary><div>
        <label>Custom event<input name="event" .value=${value('event')} autocomplete="off"></label>
        <label>From<input type="date" name="from" .value=${day('from')}></label>
        <label>Up to<input type="date" name="to" .value=${this.filters['to'] ? new Date(Number(this.filters['to']) - 86_400_000).toISOString().slice(0, 10) : ''}></label>
        <label>Browser<input name="browser" .value=${value('browser')} placeholder="Chrome" autocomplete="off"></label>
        <label>System<input name="os" .value=${value('os')} placeholder="Windows" autocomplete="off"></label>
        <label>Device<select name="device" .value=${value('device')}>
          ${['', 'desktop', 'mobile', 'tablet', 'bot'].map((d) => html`<option value=${d} ?selected=${value('device') === d}>${d || 'any'}</option>`)}
        </select></label>
        <label>At least (seconds)<input type="number" min="0" name="minDuration" .value=${value('minDuration') ? String(Number(value('minDuration')) / 1000) : ''}></label>
      </div></details>
    </form>`;
  }

  private table(): TemplateResult {
    if (this.sessions.length === 0) {
      return html`<div class="notice" aria-live="polite">${this.loading
        ? 'Looking for sessions…'
        : html`<strong>No sessions found.</strong>${Object.keys(this.filters).length > 0
          ? 'Nothing fits these filters.'
          : 'Open a recorded page and use it; its session appears here within seconds.'}`}</div>`;
    }
    return html`<div class="table"><table>
        <caption class="sr-only">Recorded sessions, newest first</caption>
        <thead><tr><th>User</th><th>Started</th><th>Entered at</th><th class="number">Duration</th><th class="number">Pages</th>
          <th class="number">Clicks</th><th class="number">Errors</th><th>Browser</th></tr></thead>
        <tbody>${this.sessions.map((s) => this.row(s))}</tbody>
      </table></div>
      ${this.cursor ? html`<div class="more"><button ?disabled=${this.loading} @click=${() => void this.load(true)}>Load more</button></div>` : ''}`;
  }

  private row(session: Session): TemplateResult {
    return html`<tr>
      <td><a href=${this.href.replace('{id}', session.id)}>${formatUser(session.user)}</a>
        <span class="sub">${session.user?.email && session.user.name ? session.user.email : session.id.slice(0, 12)}</span></td>
      <td>${formatTime(session.startedAt)} ${session.live ? html`<span class="badge live">live</span>` : ''}</td>
      <td title=${session.entryUrl ?? ''}>${formatPath(session.entryUrl)}</td>
      <td class="number">${formatDuration(session.durationMs)}</td>
      <td class="number">${session.pages}</td>
      <td class="number">${session.clicks}${session.rageClicks > 0 ? html` <span class="badge bad">${session.rageClicks} rage</span>` : ''}</td>
      <td class="number">${session.errors > 0 ? html`<span class="badge bad">${session.errors}</span>` : '0'}</td>
      <td>${session.browser ?? 'unknown'}<span class="sub">${[session.os, session.device].filter(Boolean).join(', ')}</span></td>
    </tr>`;
  }

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const filters: Record<string, string> = {};
    for (const name of ['user', 'url', 'event', 'browser', 'os', 'device']) {
      filters[name] = text(name);
    }
    filters['hasError'] = form.get('hasError') ? 'true' : '';
    filters['from'] = text('from') ? String(new Date(text('from')).getTime()) : '';
    filters['to'] = text('to') ? String(new Date(text('to')).getTime() + 86_400_000) : '';
    filters['minDuration'] = text('minDuration') ? String(Math.round(Number(text('minDuration')) * 1000)) : '';
    this.apply(Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== '')));
  };

  private readonly clear = (event: Event): void => {
    event.preventDefault();
    (this.renderRoot.querySelector('form') as HTMLFormElement).reset();
    this.apply({});
  };

  private apply(filters: Record<string, string>): void {
    this.filters = filters;
    const query = new URLSearchParams(filters).toString();
    history.replaceState(history.state, '', query ? `?${query}` : location.pathname);
    this.sessions = [];
    void this.load(false);
  }

  private async load(more: boolean): Promise<void> {
    const generation = ++this.generation;
    this.loading = true;
    this.error = undefined;
    try {
      const query = new URLSearchParams(this.filters);
      if (more && this.cursor) {
        query.set('cursor', this.cursor);
      }
      const page = await new Api(this.api).search(query);
      if (generation === this.generation) {
        this.sessions = more ? [...this.sessions, ...page.sessions] : page.sessions;
        this.cursor = page.nextCursor;
      }
    } catch (error) {
      if (generation === this.generation) {
        this.error = error;
      }
    } finally {
      if (generation === this.generation) {
        this.loading = false;
      }
    }
  }
}

if (!customElements.get('session-replay-list')) {
  customElements.define('session-replay-list', SessionReplayList);
}
