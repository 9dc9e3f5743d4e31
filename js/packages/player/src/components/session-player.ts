import { LitElement, html, type TemplateResult } from 'lit';
import { ApiProblem } from '../data/api-problem.ts';
import { sessionPath, type Waiting } from '../data/api.ts';
import type { EventRow } from '../events/event-rows.ts';
import { nextMarker } from '../events/markers.ts';
import { keyTarget, shortcutFor, type Keyable } from '../playback/keyboard.ts';
import { Playback, SPEEDS } from '../playback/playback.ts';
import { SessionSource } from '../playback/session-source.ts';
import { CrashGuard } from '../stage/crash-guard.ts';
import { Stage } from '../stage/stage.ts';
import type { EventPanel } from './event-panel.ts';
import { inspector, type Tab } from './inspector.ts';
import { performanceStyles } from './performance-panel.ts';
import { markerFilter, playerControls, windowChoice, type ControlActions } from './player-controls.ts';
import { playerHeader } from './player-header.ts';
import { playerDialogs } from './player-dialogs.ts';
import { playerStyles } from './player-styles.ts';
import { StageFit } from './stage-fit.ts';
import { stageView } from './stage-view.ts';
import { theme } from './theme.ts';
import './timeline-bar.ts';

/** Sessions up to this size list all their events at once; of larger ones what was played, and the rest on demand. */
const LIST_ALL_BYTES = 4 * 1024 * 1024;
const LIST_ALL_CHUNKS = 200;
const NOTICE_MS = 5000;
/** The panes follow the playhead this often while playing. */
const FOLLOW_MS = 66;

/**
 * `<session-replay-player api tenant session back>`: plays a session. `play()`, `pause()`, `seek(ms)` (ms from the session's start; resolves when the page
 * of that moment is shown), `currentTime`, `duration`, `speed`, `replayDocument`. Dispatches `sr-ready`, `sr-time`, `sr-error`, `sr-deleted`.
 */
export class SessionReplayPlayer extends LitElement implements Keyable {
  static override properties = {
    api: { type: String }, tenant: { type: String }, session: { type: String }, back: { type: String },
    failure: { state: true }, stuck: { state: true }, tab: { state: true }, selected: { state: true }, omitted: { state: true }, notice: { state: true }, waiting: { state: true },
  };

  static override styles = [theme, playerStyles, performanceStyles];

  declare api: string;
  declare tenant: string;
  declare session: string;
  declare back: string;
  declare failure: unknown;
  /** The page that this session shows kept the browser busy until its tab was ended. */
  declare stuck: boolean;
  declare tab: Tab;
  declare selected: EventRow | undefined;
  /** Kinds of markers that are not shown. */
  declare omitted: ReadonlySet<string>;
  declare notice: string;
  declare waiting: Waiting | undefined;

  private source: SessionSource | undefined;
  private playback: Playback | undefined;
  private stage: Stage | undefined;
  private frame = 0;
  private followed = 0;
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;
  private fit: StageFit | undefined;

  constructor() {
    super();
    this.api = '/session-replay/api';
    this.tenant = '';
    this.session = '';
    this.back = '';
    this.stuck = false;
    this.tab = 'Session';
    this.omitted = new Set();
    this.notice = '';
  }

  /** Milliseconds from the session's start. */
  get currentTime(): number {
    return this.playback ? this.playback.time - this.playback.timeline.start : 0;
  }

  /** The session's length in ms. */
  get duration(): number {
    return this.playback?.timeline.duration ?? 0;
  }

  /** How fast it plays, 0.5 to 8. */
  get speed(): number {
    return this.playback?.speed ?? 1;
  }

  set speed(value: number) {
    if (this.playback) {
      this.playback.speed = value;
    }
  }

  /** The document that is shown, in a frame that runs no scripts; null where recordings are replayed on an origin of their own (`Playback:ReplayOrigin`). */
  get replayDocument(): Document | null {
    return this.stage?.document ?? null;
  }

  play(): void {
    this.playback?.play();
  }

  pause(): void {
    this.playback?.pause();
  }

  /** Shows a moment; resolves when its page is there. */
  async seek(ms: number): Promise<void> {
    await this.playback?.seek(this.playback.timeline.start + ms);
  }

  toggle(): void {
    if (this.playback?.playing) {
      this.pause();
    } else {
      this.play();
    }
  }

  changeSpeed(direction: 1 | -1): void {
    this.speed = (direction > 0 ? SPEEDS.find((s) => s > this.speed) : SPEEDS.findLast((s) => s < this.speed)) ?? this.speed;
    this.say(`Speed ${this.speed}×`);
  }

  toggleSkip(): void {
    if (this.playback) {
      this.playback.skip = !this.playback.skip;
      this.say(this.playback.skip ? 'Inactivity is skipped' : 'Inactivity is shown');
    }
  }

  toMarker(direction: 1 | -1): void {
    const { playback } = this;
    const marker = playback && nextMarker(playback.timeline.markers, this.omitted, playback.time, direction);
    if (marker) {
      void playback.seek(marker.time);
    }
  }

  toggleFullscreen(): void {
    void (document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen()).catch(() => this.say('Full screen is not allowed here'));
  }

  focusSearch(): void {
    if (!['Events', 'Console', 'Network'].includes(this.tab)) {
      this.tab = 'Events';
    }
    void this.updateComplete.then(async () => {
      const panel = this.renderRoot.querySelector<EventPanel>('session-replay-events');
      await panel?.updateComplete;
      panel?.focusSearch();
    });
  }

  showHelp(): void {
    this.dialog('help')?.showModal();
  }

  closeDetails(): void {
    this.select(undefined);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.key);
    document.addEventListener('visibilitychange', this.visibility);
    this.frame = requestAnimationFrame(this.tick);
    if (this.hasUpdated) {
      this.begin();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.key);
    document.removeEventListener('visibilitychange', this.visibility);
    cancelAnimationFrame(this.frame);
    clearTimeout(this.noticeTimer);
    this.fit?.stop();
    this.fit = undefined;
    this.end();
  }

  override firstUpdated(): void {
    this.begin();
  }

  override render(): TemplateResult {
    const { playback, source } = this;
    const session = source?.timeline?.manifest.session;
    const shown = playback && playback.timeline.windowAt(playback.time, playback.preferred);
    const address = (playback && source?.detail?.pageList.findLast((p) => p.window === shown?.id && p.time <= playback.time)?.url) ?? shown?.url;
    const error = this.failure ?? playback?.error;
    return html`
      ${playerHeader({ back: this.back, session, address: address || '', copyLink: this.copyLink, remove: () => this.dialog('delete')?.showModal() })}
      ${playback ? windowChoice(playback, shown?.id) : ''}
      ${stageView({
        playback, stage: this.stage, error, stuck: this.stuck, waiting: this.waiting, notice: this.notice, toggle: () => this.toggle(), retry: this.retry, showAnyway: this.showAnyway,
      })}
      ${error && !playback ? '' : inspector(this.tab, (tab) => (this.tab = tab), playback && source && {
        source, playback, tab: this.tab, selected: this.selected, shown: shown?.id, select: this.select,
      })}
      <footer>${playback ? html`${markerFilter(playback, this.actions)}
        <session-replay-timeline .timeline=${playback.timeline} .time=${playback.time} .omitted=${this.omitted} .window=${shown?.id ?? ''}
          @sr-scrub=${(e: CustomEvent<number>) => playback.scrub(e.detail)} @sr-seek=${(e: CustomEvent<number>) => void playback.seek(e.detail)}
          @sr-window=${this.chooseWindow}></session-replay-timeline>${playerControls(playback, this.actions)}` : ''}</footer>
      ${playerDialogs(() => void this.delete())}`;
  }

  private get actions(): ControlActions {
    return {
      omitted: this.omitted,
      show: (kind, isShown) => (this.omitted = new Set(isShown ? [...this.omitted].filter((k) => k !== kind) : [...this.omitted, kind])),
      fullscreen: () => this.toggleFullscreen(),
      help: () => this.showHelp(),
    };
  }

  private begin(): void {
    this.fit ??= new StageFit(this, this.renderRoot.querySelector('.stage')!, this.renderRoot.querySelector('.frame')!);
    void this.open();
  }

  private end(): void {
    this.source?.close();
    this.stage?.destroy();
    this.source = this.playback = this.stage = undefined;
  }

  /** Keeps nothing of a session that was deleted, and says so as a player that is opened afterwards does. */
  private forget(deleted: ApiProblem): void {
    this.end();
    this.fit?.reset();
    this.selected = this.waiting = this.told = undefined;
    this.stuck = false;
    this.say('');
    const crashes = new CrashGuard(sessionPath(this.tenant, this.session));
    if (crashes.isStuck) {
      crashes.forget();
    }
    this.failure = deleted;
  }

  /** @param again The moment at which the viewer wants to see it, however busy it keeps the browser. */
  private async open(again?: number): Promise<void> {
    this.end();
    this.failure = undefined;
    this.stuck = false;
    const crashes = new CrashGuard(sessionPath(this.tenant, this.session));
    const source = new SessionSource(this.api, sessionPath(this.tenant, this.session), {
      onChange: () => this.requestUpdate(),
      onTimeline: () => this.playback?.update(),
      onWaiting: (waiting) => (this.waiting = waiting),
      onError: (error) => this.fail(error),
    }, crashes.during);
    this.source = source;
    try {
      const timeline = await source.open();
      if (source !== this.source) {
        return;
      }
      const playback = this.begun(source, crashes);
      if (again !== undefined) {
        crashes.forget();
        this.stage!.release();
      } else if (crashes.isStuck) {
        this.stage!.hold();
        this.stuck = true;
      }
      const asked = Number(new URLSearchParams(location.search).get('t') ?? NaN);
      await playback.seek(again ?? timeline.start + (asked > 0 ? asked * 1000 : 0));
      if (playback !== this.playback || playback.error || this.stuck) {
        return;
      }
      this.dispatchEvent(new CustomEvent('sr-ready', { bubbles: true, composed: true }));
      const { bytes, chunks } = timeline.manifest.session;
      if (bytes <= LIST_ALL_BYTES && chunks <= LIST_ALL_CHUNKS) {
        void source.loadAll();
      }
    } catch (error) {
      if (source === this.source) {
        this.fail(error);
      }
    }
  }

  private begun(source: SessionSource, crashes: CrashGuard): Playback {
    this.stage = new Stage(this.renderRoot.querySelector('.frame')!, `${this.api}/replay-stage`, source.loader, {
      onDraw: (state) => crashes[state](),
      onNotes: () => this.requestUpdate(),
      onResize: (width, height) => this.fit?.resize(width, height),
      onStuck: () => {
        crashes.keep();
        this.stuck = true;
        this.pause();
        void this.playback?.retry();
      },
    });
    const playback = new Playback(this.stage, source, { onChange: () => this.changed(), onNotice: (text) => playback === this.playback && this.say(text) });
    this.playback = playback;
    return playback;
  }

  private readonly showAnyway = (): void => void this.open(this.playback!.time);

  private readonly retry = (): void => {
    if (this.failure || !this.playback) {
      void this.open();
    } else {
      void this.playback.retry();
    }
  };

  private readonly visibility = (): void => {
    if (document.hidden) {
      this.playback?.hide();
    }
  };

  private readonly tick = (now: number): void => {
    this.frame = requestAnimationFrame(this.tick);
    const before = this.playback?.time;
    this.playback?.tick(now);
    if (this.playback?.time !== before && now - this.followed >= FOLLOW_MS) {
      this.followed = now;
      this.requestUpdate();
      this.dispatchEvent(new CustomEvent('sr-time', { detail: this.currentTime }));
    }
  };

  private changed(): void {
    const error = this.playback?.error;
    if (error && error !== this.told) {
      this.told = error;
      this.dispatchEvent(new CustomEvent('sr-error', { detail: error }));
      if (isDeleted(error)) {
        this.forget(error);
      }
    }
    this.told = this.playback?.error;
    this.requestUpdate();
  }

  private told: unknown;

  private readonly select = (row: EventRow | undefined): void => {
    this.selected = row;
    if (row) {
      void this.playback?.seek(row.time);
    }
  };

  private readonly chooseWindow = (event: CustomEvent<{ window: string; from: number; to: number }>): void => {
    const { window, from, to } = event.detail;
    const time = this.playback!.time;
    void this.playback!.prefer(window, time >= from && time <= to ? time : from);
  };

  private fail(error: unknown): void {
    if (isDeleted(error)) {
      this.forget(error);
    } else {
      this.playback?.pause();
      this.failure = error;
    }
    this.dispatchEvent(new CustomEvent('sr-error', { detail: error }));
  }

  private dialog(id: string): HTMLDialogElement | null {
    return this.renderRoot.querySelector(`#${id}`);
  }

  private async delete(): Promise<void> {
    try {
      await this.source!.delete();
      this.forget(new ApiProblem(410, 'session-deleted', 'The session was deleted; its recording is gone for good.', ''));
      this.dispatchEvent(new CustomEvent('sr-deleted', { bubbles: true, composed: true }));
      if (this.back) {
        location.assign(this.back);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private readonly copyLink = (): void => {
    const link = new URL(location.href);
    link.searchParams.set('t', String(Math.floor(this.currentTime / 1000)));
    const copied = navigator.clipboard?.writeText(link.href) ?? Promise.reject(new Error('no clipboard'));
    void copied.then(() => this.say('Link to this moment copied'), () => this.say(link.href));
  };

  private say(text: string): void {
    this.notice = text;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => (this.notice = ''), NOTICE_MS);
  }

  private readonly key = (event: KeyboardEvent): void => {
    const shortcut = shortcutFor(event, keyTarget(event, this));
    if (shortcut && this.playback) {
      event.preventDefault();
      shortcut.run(this, event);
    }
  };
}

function isDeleted(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.code === 'session-deleted';
}

if (!customElements.get('session-replay-player')) {
  customElements.define('session-replay-player', SessionReplayPlayer);
}
