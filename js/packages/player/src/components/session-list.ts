import { LitElement, html, type TemplateResult } from 'lit';
import { Api, sessionPath, type Waiting } from '../data/api.ts';
import type { Session } from '../data/types.ts';
import { FirstSession } from './first-session.ts';
import { deleteDialog } from './player-dialogs.ts';
import { problemNotice } from './problem-notice.ts';
import { filterForm, formFilters, readFilters, searchQuery, type Filters } from './session-filters.ts';
import { sessionListStyles } from './session-list-styles.ts';
import { sessionRow } from './session-row.ts';
import { theme } from './theme.ts';

const CLOCK_MS = 30_000;

/**
 * `<session-replay-list api href>`: finds sessions. `href` is the address of a session's page with `{tenant}` and `{id}` in it.
 * The filters are kept in the address of the page, so that a search can be shared.
 */
export class SessionReplayList extends LitElement {
  static override properties = {
    api: { type: String }, href: { type: String },
    sessions: { state: true }, cursor: { state: true }, loading: { state: true },
    error: { state: true }, waiting: { state: true }, now: { state: true },
  };

  static override styles = [theme, sessionListStyles];

  declare api: string;
  declare href: string;
  declare sessions: Session[];
  declare cursor: string | null;
  declare loading: boolean;
  declare error: unknown;
  declare waiting: Waiting | undefined;
  declare now: number;
  private chosen: Session | undefined;
  private filters: Filters = {};
  private query = new URLSearchParams();
  private aborting = new AbortController();
  private clock: ReturnType<typeof setInterval> | undefined;
  private watcher: IntersectionObserver | undefined;
  private readonly first = new FirstSession(() => {
    if (!this.loading) {
      void this.load(false);
    }
  });

  constructor() {
    super();
    this.api = '/session-replay/api';
    this.href = '/session-replay/tenants/{tenant}/sessions/{id}';
    this.sessions = [];
    this.cursor = null;
    this.loading = false;
    this.now = Date.now();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('popstate', this.readAddress);
    this.clock = setInterval(() => (this.now = Date.now()), CLOCK_MS);
    // The next page is loaded when the end of the list comes near.
    this.watcher = new IntersectionObserver((entries) => {
      if (entries.some((e) => e.isIntersecting) && this.cursor && !this.loading && !this.error) {
        void this.load(true);
      }
    }, { rootMargin: '400px' });
    this.readAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('popstate', this.readAddress);
    clearInterval(this.clock);
    this.watcher?.disconnect();
    this.first.stop();
    this.aborting.abort();
  }

  override updated(): void {
    // Watched again after each page: the end may still be in view.
    this.watcher?.disconnect();
    const end = this.renderRoot.querySelector('.more');
    if (end && !this.loading) {
      this.watcher?.observe(end);
    }
  }

  override render(): TemplateResult {
    const list = this.sessions.length > 0 ? this.table()
      : this.error ? problemNotice(this.error, this.search)
      : html`<div class="notice" role="status">${this.empty()}</div>`;
    return html`${filterForm(this.filters, this.submit, this.clear)}
      ${list}${deleteDialog(() => void this.delete())}`;
  }

  private empty(): TemplateResult | string {
    if (this.waiting) {
      return html`<strong>${this.waiting.problem.title}</strong>Trying again in ${Math.ceil(this.waiting.seconds)} s.`;
    }
    if (this.first.isAwaited) {
      return html`<strong>Waiting for the first session…</strong>Open a recorded page and use it; its session appears here within seconds.`;
    }
    if (this.loading) {
      return 'Looking for sessions…';
    }
    return Object.keys(this.filters).length > 0
      ? html`<strong>No sessions found.</strong><p>Nothing fits these filters.</p><button @click=${this.clear}>Clear the filters</button>`
      : html`<strong>No sessions yet.</strong><p>Open a recorded page and use it.</p><button @click=${this.search}>Look again</button>`;
  }

  /** A session whose recording no browser can bear is deleted without being opened. */
  private readonly ask = (session: Session): void => {
    this.chosen = session;
    this.renderRoot.querySelector<HTMLDialogElement>('#delete')!.showModal();
  };

  private async delete(): Promise<void> {
    const chosen = this.chosen!;
    try {
      await new Api(this.api).delete(sessionPath(chosen.tenant, chosen.id));
      this.sessions = this.sessions.filter((s) => s.id !== chosen.id);
    } catch (error) {
      this.error = error;
    }
  }

  private table(): TemplateResult {
    return html`<div class="table" tabindex="0" role="region" aria-label="Sessions"><table>
        <caption class="sr-only">Recorded sessions, newest first</caption>
        <thead><tr><th scope="col">User</th><th scope="col">Started</th><th scope="col">Entered at</th>
          <th scope="col" class="number">Duration</th><th scope="col" class="number">Pages</th>
          <th scope="col" class="number">Clicks</th><th scope="col" class="number">Errors</th><th scope="col">Browser</th>
          <th scope="col"><span class="sr-only">Actions</span></th></tr></thead>
        <tbody @click=${this.follow}>${this.sessions.map((s) => sessionRow(s, this.href, this.now, this.ask))}</tbody>
      </table></div>
      <div class="more">${this.more()}</div>`;
  }

  private more(): TemplateResult | string {
    const load = (): void => void this.load(true);
    if (this.error) {
      return problemNotice(this.error, load);
    }
    if (this.waiting) {
      const { problem, seconds } = this.waiting;
      return html`<div class="notice" role="status">${problem.title} Trying again in ${Math.ceil(seconds)} s.</div>`;
    }
    return this.cursor ? html`<button ?disabled=${this.loading} @click=${load}>${this.loading ? 'Loading…' : 'Load more'}</button>` : '';
  }

  /** The whole row leads to the session; text in it can be selected all the same. */
  private readonly follow = (event: MouseEvent): void => {
    const target = event.target as Element;
    if (!target.closest('a,button') && (getSelection()?.isCollapsed ?? true)) {
      const { ctrlKey, metaKey, shiftKey } = event;
      const click = new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey });
      target.closest('tr')?.querySelector('a')?.dispatchEvent(click);
    }
  };

  private readonly readAddress = (): void => {
    this.filters = readFilters(location.search);
    this.search();
  };

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    this.apply(formFilters(new FormData(event.target as HTMLFormElement)));
  };

  private readonly clear = (): void => {
    this.renderRoot.querySelector('form')!.reset();
    this.apply({});
  };

  /** Each search is an entry of the browser's history: back leads to the one before. */
  private apply(filters: Filters): void {
    const query = new URLSearchParams(filters).toString();
    if (query !== new URLSearchParams(this.filters).toString()) {
      history.pushState(null, '', query ? `?${query}` : location.pathname);
    }
    this.filters = filters;
    this.search();
  }

  private readonly search = (): void => {
    this.first.stop();
    void this.load(false);
  };

  private async load(more: boolean): Promise<void> {
    this.aborting.abort();
    const { signal } = (this.aborting = new AbortController());
    this.loading = true;
    this.error = undefined;
    if (!more) {
      this.sessions = [];
      this.cursor = null;
      this.now = Date.now();
      this.query = searchQuery(this.filters, this.now);
    }
    const query = new URLSearchParams(this.query);
    if (this.cursor) {
      query.set('cursor', this.cursor);
    }
    try {
      const page = await new Api(this.api, (waiting) => (this.waiting = signal.aborted ? undefined : waiting)).search(query, signal);
      if (!signal.aborted) {
        this.sessions = [...this.sessions, ...page.sessions];
        this.cursor = page.nextCursor;
      }
    } catch (error) {
      if (!signal.aborted) {
        this.error = error;
      }
    } finally {
      if (!signal.aborted) {
        this.loading = false;
        this.waiting = undefined;
        this.first.wait(this.sessions.length === 0 && !this.error && Object.keys(this.filters).length === 0);
      }
    }
  }
}

if (!customElements.get('session-replay-list')) {
  customElements.define('session-replay-list', SessionReplayList);
}
