import { LitElement, html, unsafeCSS, type TemplateResult } from 'lit';
import replayCss from '@rrweb/replay/dist/style.css';
import { Api } from '../data/api.ts';
import { ChunkLoader, type LoadedChunk } from '../data/chunk-loader.ts';
import { formatDuration, formatUser } from '../data/format.ts';
import { Timeline } from '../data/timeline.ts';
import type { SessionDetail } from '../data/types.ts';
import { Stage } from '../replay/stage.ts';
import './event-panel.ts';
import type { PanelMode } from './event-panel.ts';
import { eventRows, type EventRow } from './event-rows.ts';
import { factsPanel } from './facts-panel.ts';
import { playerStyles } from './player-styles.ts';
import { problemNotice } from './problem-notice.ts';
import { theme } from './theme.ts';
import './timeline-bar.ts';

const SPEEDS = [0.5, 1, 2, 4, 8];
const LIVE_POLL_MS = 4000;
/** Sessions up to this size load all their events in the background, for the lists; larger ones on demand. */
const LOAD_ALL_BYTES = 4 * 1024 * 1024;
const TABS = ['Session', 'Events', 'Console', 'Network', 'Performance'] as const;

/**
 * `<session-replay-player api session>`: plays a session. `play()`, `pause()`, `seek(ms)` (ms from the session's start; resolves when the page
 * of that moment is shown), `currentTime`, `duration`, `speed`, `replayDocument`. Dispatches `sr-ready`, `sr-time`, `sr-error`, `sr-deleted`.
 */
export class SessionReplayPlayer extends LitElement {
  static override properties = {
    api: { type: String }, session: { type: String }, back: { type: String },
    timeline: { state: true }, detail: { state: true }, error: { state: true }, time: { state: true }, playing: { state: true },
    loading: { state: true }, tab: { state: true }, rows: { state: true }, skip: { state: true }, rate: { state: true }, chip: { state: true }, preferred: { state: true },
  };

  static override styles = [unsafeCSS(replayCss), theme, playerStyles];

  declare api: string;
  declare session: string;
  declare back: string;
  declare timeline: Timeline | undefined;
  declare detail: SessionDetail | undefined;
  declare error: unknown;
  declare time: number;
  declare playing: boolean;
  declare loading: boolean;
  declare tab: (typeof TABS)[number];
  declare rows: EventRow[];
  declare skip: boolean;
  declare rate: number;
  declare chip: string;
  declare preferred: string | undefined;

  private client: Api | undefined;
  private loader: ChunkLoader | undefined;
  private stage: Stage | undefined;
  private timer = 0;
  private poll: ReturnType<typeof setInterval> | undefined;
  private seen = new Set<string>();
  private pendingRows: EventRow[] = [];
  private size = { width: 0, height: 0 };
  private observer: ResizeObserver | undefined;
  private shownWindow = '';

  constructor() {
    super();
    this.api = '/session-replay/api';
    this.session = '';
    this.back = '';
    this.time = 0;
    this.playing = false;
    this.loading = true;
    this.tab = 'Session';
    this.rows = [];
    this.skip = true;
    this.rate = 1;
    this.chip = '';
  }

  /** Milliseconds from the session's start. */
  get currentTime(): number {
    return this.timeline ? this.time - this.timeline.start : 0;
  }

  /** The session's length in ms. */
  get duration(): number {
    return this.timeline?.duration ?? 0;
  }

  /** How fast it plays, 0.5 to 8. */
  get speed(): number {
    return this.rate;
  }

  set speed(value: number) {
    this.rate = Math.min(8, Math.max(0.5, value));
    this.stage?.setSpeed(this.rate);
  }

  /** The document that is shown, in a frame that runs no scripts. */
  get replayDocument(): Document | null {
    return this.stage?.document ?? null;
  }

  play(): void {
    if (this.timeline && !this.playing) {
      this.playing = true;
      void this.show(this.time >= this.timeline.end - 50 ? this.timeline.start : this.time);
    }
  }

  pause(): void {
    this.playing = false;
    this.stage?.pause();
  }

  /** Shows a moment; resolves when its page is there. */
  async seek(ms: number): Promise<void> {
    if (this.timeline) {
      await this.show(this.timeline.start + Math.min(Math.max(0, ms), this.timeline.duration));
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onKey);
    this.timer = requestAnimationFrame(this.tick);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
    cancelAnimationFrame(this.timer);
    clearInterval(this.poll);
    this.observer?.disconnect();
    this.stage?.destroy();
    this.stage = undefined;
  }

  override firstUpdated(): void {
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.renderRoot.querySelector('.stage')!);
    void this.open();
  }

  override render(): TemplateResult {
    const timeline = this.timeline;
    const session = timeline?.manifest.session;
    const window = timeline?.windowAt(this.time, this.preferred);
    const url = this.rows.findLast((r) => r.kind === 'navigation' && r.time <= this.time);
    const address = url && 'navigation' in url.source ? url.source.navigation?.url : window?.url;
    return html`
      <header>
        ${this.back ? html`<a href=${this.back} aria-label="Back to all sessions">← Sessions</a>` : ''}
        ${session ? html`<span class="who">${formatUser(session.user)}</span>${session.live ? html`<span class="badge live">live</span>` : ''}
          <span class="url" title=${address ?? ''}>${address ?? ''}</span>
          <button @click=${this.copyLink}>Copy link</button><button class="danger" @click=${() => this.dialog('delete')?.showModal()}>Delete…</button>` : html`<span class="url"></span>`}
      </header>
      <div class="stage">
        <div class="frame"></div>
        ${this.chip ? html`<div class="chip" role="status">${this.chip}</div>` : ''}
        ${this.error ? html`<div class="overlay">${problemNotice(this.error, () => void this.open())}</div>`
          : this.loading ? html`<div class="overlay"><div class="notice" aria-live="polite">Loading…</div></div>` : ''}
      </div>
      <aside aria-label="About the session">
        <div role="tablist">${TABS.map((t) => html`<button role="tab" id="tab-${t}" aria-selected=${this.tab === t} @click=${() => (this.tab = t)}>${t}</button>`)}</div>
        <div role="tabpanel" aria-labelledby="tab-${this.tab}">${session ? this.panel() : ''}</div>
        ${session && !this.isAllLoaded ? html`<div class="load muted">Events near the playhead are listed.
          <button @click=${() => void this.loadAll()}>Load all</button></div>` : ''}
      </aside>
      <footer>${timeline ? this.controls(timeline) : ''}</footer>
      ${this.dialogs()}`;
  }

  private controls(timeline: Timeline): TemplateResult {
    const tabs = timeline.windowsAt(this.time);
    return html`<session-replay-timeline .timeline=${timeline} .time=${this.time} @sr-seek=${(e: CustomEvent<number>) => void this.seek(e.detail)}></session-replay-timeline>
      <div class="controls">
        <button class="play primary" aria-label=${this.playing ? 'Pause' : 'Play'} @click=${this.toggle}>${this.playing ? '❚❚' : '▶'}</button>
        <button aria-label="Back 10 seconds" @click=${() => void this.seek(this.currentTime - 10_000)}>−10 s</button>
        <button aria-label="Forward 10 seconds" @click=${() => void this.seek(this.currentTime + 10_000)}>+10 s</button>
        <span class="clock" aria-live="off">${formatDuration(this.currentTime)} / ${formatDuration(timeline.duration)}</span>
        <span class="spacer"></span>
        ${tabs.length > 1 ? html`<select aria-label="Tab" @change=${this.chooseWindow}>
          ${tabs.map((w, i) => html`<option value=${w.id} ?selected=${w.id === timeline.windowAt(this.time, this.preferred)?.id}>Tab ${i + 1}: ${w.title || w.url}</option>`)}</select>` : ''}
        <label><input type="checkbox" .checked=${this.skip} @change=${(e: Event) => (this.skip = (e.target as HTMLInputElement).checked)}> Skip inactivity</label>
        <select aria-label="Speed" @change=${(e: Event) => (this.speed = Number((e.target as HTMLSelectElement).value))}>
          ${SPEEDS.map((s) => html`<option value=${s} ?selected=${s === this.rate}>${s}×</option>`)}</select>
        <button aria-label="Keyboard shortcuts" @click=${() => this.dialog('help')?.showModal()}>?</button>
      </div>`;
  }

  private panel(): TemplateResult {
    if (this.tab === 'Session') {
      return factsPanel(this.timeline!.manifest.session, this.detail, this.rows, (time) => void this.show(time));
    }
    return html`<session-replay-events .rows=${this.rows} .start=${this.timeline!.start} .time=${this.time} .mode=${this.tab.toLowerCase() as PanelMode}
      @sr-seek-time=${(e: CustomEvent<number>) => void this.show(e.detail)}></session-replay-events>`;
  }

  private dialogs(): TemplateResult {
    const keys: [string, string][] = [['space', 'play or pause'], ['← →', '5 seconds back or forward'], ['shift ← →', '30 seconds'], [', .', 'slower, faster'], ['i', 'skip inactivity'], ['home end', 'to the begin, to the end'], ['?', 'this help']];
    return html`<dialog id="help" aria-label="Keyboard shortcuts"><dl>${keys.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
        <form method="dialog"><button>Close</button></form></dialog>
      <dialog id="delete" aria-label="Delete the session"><p><strong>Delete this session for good?</strong></p>
        <p>Its key is destroyed first: nobody can read the recording again, not even from a backup.</p>
        <form method="dialog"><button autofocus>Keep it</button> <button class="danger" @click=${() => void this.delete()}>Delete for good</button></form></dialog>`;
  }

  private async open(): Promise<void> {
    this.error = undefined;
    this.loading = true;
    try {
      this.client = new Api(this.api);
      const manifest = await this.client.manifest(this.session);
      this.timeline = new Timeline(manifest);
      this.loader = new ChunkLoader(this.client, this.session, (chunk) => this.addRows(chunk));
      this.stage?.destroy();
      this.stage = new Stage(this.renderRoot.querySelector('.frame')!, this.loader, {
        onEnd: () => void this.onWindowEnd(),
        onResize: (width, height) => {
          this.size = { width, height };
          this.fit();
        },
        onError: (error) => this.fail(error),
      });
      const asked = Number(new URLSearchParams(location.search).get('t') ?? NaN);
      this.time = this.timeline.start;
      await this.show(this.timeline.start + (asked > 0 ? Math.min(asked * 1000, this.duration) : 0));
      this.dispatchEvent(new CustomEvent('sr-ready', { bubbles: true, composed: true }));
      void this.client.detail(this.session).then((detail) => (this.detail = detail), () => undefined);
      if (manifest.session.bytes <= LOAD_ALL_BYTES) {
        void this.loadAll();
      }
      if (manifest.session.live) {
        this.poll ??= setInterval(() => void this.refresh(), LIVE_POLL_MS);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** Shows a moment, and plays on when it is playing. */
  private async show(time: number): Promise<void> {
    const timeline = this.timeline;
    const window = timeline?.windowAt(time, this.preferred);
    if (!timeline || !window || !this.stage) {
      this.loading = false;
      return;
    }
    this.time = time;
    this.loading = window.id !== this.shownWindow;
    try {
      const shown = await this.stage.show(window, time, this.playing);
      if (shown) {
        this.shownWindow = window.id;
        this.stage.setSpeed(this.rate);
        this.renderRoot.querySelector('.frame')?.classList.add('ready');
        const gap = timeline.gaps.find((g) => time >= g.from && time <= g.to);
        this.chip = gap ? `Part of the recording is missing here. ${gap.reason}` : '';
      } else if (window.chunks.every((c) => !c.snapshot)) {
        this.chip = 'This window holds no snapshot of its page: only its events can be shown.';
      }
      this.loading = false;
    } catch (error) {
      this.fail(error);
    }
  }

  private async onWindowEnd(): Promise<void> {
    const timeline = this.timeline!;
    if (!this.playing) {
      return;
    }
    const window = timeline.windowAt(this.time, this.preferred);
    const next = timeline.nextStart(this.time);
    if (window && this.time < window.to - 100) {
      // More of this window is on its way from the server.
      await this.show(this.time);
    } else if (next !== undefined) {
      this.preferred = undefined;
      await this.show(next);
    } else if (!timeline.manifest.session.live) {
      this.time = timeline.end;
      this.pause();
    }
  }

  private readonly tick = (): void => {
    this.timer = requestAnimationFrame(this.tick);
    if (!this.playing || !this.stage || this.loading || !this.timeline) {
      return;
    }
    const time = Math.min(this.stage.time, this.timeline.end);
    const next = this.timeline.nextStart(this.time);
    this.time = Math.max(this.timeline.start, time);
    this.dispatchEvent(new CustomEvent('sr-time', { detail: this.currentTime }));
    void this.stage.prefetch();
    if (next !== undefined && this.time >= next && !this.preferred) {
      void this.show(next);
      return;
    }
    if (this.skip) {
      const active = Timeline.nextActivity(this.activity, this.time);
      if (active !== undefined) {
        this.chip = `Skipped ${formatDuration(active - this.time)} without activity`;
        setTimeout(() => (this.chip = ''), 1500);
        void this.show(active);
      }
    }
  };

  /** The times at which something happens, for skipping: known only where events are loaded. */
  private get activity(): number[] {
    if (this.activityOf !== this.rows) {
      this.activityOf = this.rows;
      this.activityTimes = this.isAllLoaded ? this.rows.filter((r) => r.kind !== 'performance').map((r) => r.time) : [];
    }
    return this.activityTimes;
  }

  private activityOf: EventRow[] | undefined;
  private activityTimes: number[] = [];

  private get isAllLoaded(): boolean {
    return this.timeline!.manifest.windows.every((w) => w.chunks.every((c) => this.seen.has(`${w.id}/${c.seq}`)));
  }

  private async loadAll(): Promise<void> {
    for (const window of this.timeline?.manifest.windows ?? []) {
      for (const chunk of window.chunks) {
        if (!this.seen.has(`${window.id}/${chunk.seq}`)) {
          await this.loader!.load(window, chunk).catch((error: unknown) => this.dispatchEvent(new CustomEvent('sr-error', { detail: error })));
        }
      }
    }
  }

  private addRows(chunk: LoadedChunk): void {
    const key = `${chunk.window}/${chunk.seq}`;
    if (this.seen.has(key)) {
      return;
    }
    this.seen.add(key);
    const isFirst = this.pendingRows.length === 0;
    this.pendingRows.push(...eventRows(chunk));
    if (isFirst) {
      setTimeout(() => {
        this.rows = [...this.rows, ...this.pendingRows].sort((a, b) => a.time - b.time);
        this.pendingRows = [];
      }, 50);
    }
  }

  private async refresh(): Promise<void> {
    try {
      const manifest = await this.client!.manifest(this.session);
      this.timeline = new Timeline(manifest);
      manifest.windows.forEach((w) => this.stage?.update(w));
      if (!this.shownWindow) {
        // The first snapshot had not arrived when the player was opened.
        await this.show(Math.max(this.time, this.timeline.start));
      }
      if (!manifest.session.live) {
        clearInterval(this.poll);
        this.poll = undefined;
      }
      if (manifest.session.bytes <= LOAD_ALL_BYTES) {
        void this.loadAll();
      }
    } catch (error) {
      this.dispatchEvent(new CustomEvent('sr-error', { detail: error }));
    }
  }

  private fit(): void {
    const stage = this.renderRoot.querySelector<HTMLElement>('.stage');
    const frame = this.renderRoot.querySelector<HTMLElement>('.frame');
    if (!stage || !frame || this.size.width === 0) {
      return;
    }
    const scale = Math.min((stage.clientWidth - 24) / this.size.width, (stage.clientHeight - 24) / this.size.height, 1);
    frame.style.width = `${this.size.width}px`;
    frame.style.height = `${this.size.height}px`;
    frame.style.transform = `scale(${scale}) translate(-50%, -50%)`;
  }

  private fail(error: unknown): void {
    this.playing = false;
    this.loading = false;
    this.error = error;
    this.dispatchEvent(new CustomEvent('sr-error', { detail: error }));
  }

  private dialog(id: string): HTMLDialogElement | null {
    return this.renderRoot.querySelector(`#${id}`);
  }

  private async delete(): Promise<void> {
    try {
      await this.client!.delete(this.session);
      this.stage?.destroy();
      this.dispatchEvent(new CustomEvent('sr-deleted', { bubbles: true, composed: true }));
      if (this.back) {
        location.assign(this.back);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private readonly toggle = (): void => (this.playing ? this.pause() : this.play());

  private readonly copyLink = (): void => {
    const link = new URL(location.href);
    link.searchParams.set('t', String(Math.floor(this.currentTime / 1000)));
    void navigator.clipboard.writeText(link.href).then(() => this.say('Link copied'), () => this.say(link.href));
  };

  private say(text: string): void {
    this.chip = text;
    setTimeout(() => (this.chip = ''), 2500);
  }

  private readonly chooseWindow = (event: Event): void => {
    this.preferred = (event.target as HTMLSelectElement).value;
    void this.show(this.time);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || (target instanceof Element && target.matches('input:not([type=checkbox]),select,textarea,button,[contenteditable]') && event.key === ' ')
      || (target instanceof Element && target.matches('input:not([type=checkbox]):not([type=range]),select,textarea,[contenteditable]'))) {
      return;
    }
    const step = event.shiftKey ? 30_000 : 5000;
    const actions: Record<string, () => void> = {
      ' ': this.toggle,
      ArrowLeft: () => void this.seek(this.currentTime - step),
      ArrowRight: () => void this.seek(this.currentTime + step),
      Home: () => void this.seek(0),
      End: () => void this.seek(this.duration),
      ',': () => (this.speed = SPEEDS.findLast((s) => s < this.rate) ?? SPEEDS[0]!),
      '.': () => (this.speed = SPEEDS.find((s) => s > this.rate) ?? SPEEDS.at(-1)!),
      i: () => (this.skip = !this.skip),
      '?': () => this.dialog('help')?.showModal(),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  };
}

if (!customElements.get('session-replay-player')) {
  customElements.define('session-replay-player', SessionReplayPlayer);
}
