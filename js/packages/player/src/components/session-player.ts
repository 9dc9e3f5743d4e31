import { LitElement, html, type TemplateResult } from 'lit';
import { sessionPath } from '../data/api.ts';
import type { EventRow } from '../events/event-rows.ts';
import { nextMarker } from '../events/markers.ts';
import { FrameLoop } from '../playback/frame-loop.ts';
import { keyTarget, shortcutFor, type Keyable } from '../playback/keyboard.ts';
import { SPEEDS, type Playback } from '../playback/playback.ts';
import type { EventPanel } from './event-panel.ts';
import { inspector, type Tab } from './inspector.ts';
import { performanceStyles } from './performance-panel.ts';
import { windowChoice, type ControlActions } from './player-controls.ts';
import { playerDialogs } from './player-dialogs.ts';
import { playerFooter } from './player-footer.ts';
import { playerHeader } from './player-header.ts';
import { PlayerSession } from './player-session.ts';
import { playerStyles } from './player-styles.ts';
import { StageFit } from './stage-fit.ts';
import { stageView } from './stage-view.ts';
import { theme } from './theme.ts';

const NOTICE_MS = 5000;

/**
 * `<session-replay-player api tenant session back>`: plays a session. `play()`, `pause()`, `seek(ms)` (ms from the session's start;
 * resolves when the page of that moment is shown), `currentTime`, `duration`, `speed`, `replayDocument`. Dispatches `sr-ready`, `sr-time`,
 * `sr-error`, `sr-deleted`.
 */
export class SessionReplayPlayer extends LitElement implements Keyable {
  static override properties = {
    api: { type: String }, tenant: { type: String }, session: { type: String }, back: { type: String },
    tab: { state: true }, selected: { state: true }, omitted: { state: true }, notice: { state: true },
  };

  static override styles = [theme, playerStyles, performanceStyles];

  declare api: string;
  declare tenant: string;
  declare session: string;
  declare back: string;
  declare tab: Tab;
  declare selected: EventRow | undefined;
  /** Kinds of markers that are not shown. */
  declare omitted: ReadonlySet<string>;
  declare notice: string;

  private shown: PlayerSession | undefined;
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;
  private fit: StageFit | undefined;
  private readonly loop = new FrameLoop(() => this.playback, () => {
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('sr-time', { detail: this.currentTime }));
  });

  constructor() {
    super();
    this.api = '/session-replay/api';
    this.tenant = '';
    this.session = '';
    this.back = '';
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

  /**
   * The document that is shown, in a frame that runs no scripts; null where recordings are replayed on an origin of their own
   * (`Playback:ReplayOrigin`).
   */
  get replayDocument(): Document | null {
    return this.shown?.stage?.document ?? null;
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
    const change = document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen();
    void change.catch(() => this.say('Full screen is not allowed here'));
  }

  focusSearch(): void {
    if (!['Events', 'Console', 'Network'].includes(this.tab)) {
      this.chooseTab('Events');
    }
    void this.updateComplete.then(async () => {
      const panel = this.renderRoot.querySelector<EventPanel>('session-replay-events');
      await panel?.updateComplete;
      panel?.focusSearch();
    });
  }

  showHelp(): void {
    this.showDialog('help');
  }

  closeDetails(): void {
    this.select(undefined);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.key);
    this.loop.start();
    if (this.hasUpdated) {
      this.begin();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.key);
    this.loop.stop();
    clearTimeout(this.noticeTimer);
    this.fit?.stop();
    this.fit = undefined;
    this.shown?.close();
  }

  override firstUpdated(): void {
    this.begin();
  }

  override render(): TemplateResult {
    const { playback, source, stage, stuck = false, hasBegun, waiting, failure } = this.shown ?? {};
    const session = source?.timeline?.manifest.session;
    const window = playback && playback.timeline.windowAt(playback.time, playback.preferred);
    const page = playback && source?.detail?.pageList.findLast((p) => p.window === window?.id && p.time <= playback.time);
    const error = failure ?? playback?.error;
    return html`
      ${playerHeader({
        back: this.back, session, address: (page?.url ?? window?.url) || '',
        copyLink: this.copyLink, remove: () => this.showDialog('delete'),
      })}
      ${playback ? windowChoice(playback, window?.id) : ''}
      ${stageView({
        playback, stage, error, stuck, waiting, notice: this.notice,
        toggle: () => this.toggle(), retry: () => this.shown?.retry(), showAnyway: () => this.shown?.showAnyway(),
      })}
      ${error && !playback ? '' : inspector(this.tab, this.chooseTab, (hasBegun || this.tab !== 'Session') && playback && source ? {
        source, playback, tab: this.tab, selected: this.selected, shown: window?.id, select: this.select,
      } : undefined)}
      <footer>${playback ? playerFooter(playback, window?.id ?? '', this.actions) : ''}</footer>
      ${playerDialogs(() => void this.delete())}`;
  }

  private get actions(): ControlActions {
    return {
      omitted: this.omitted,
      show: (kind, isShown) => {
        const others = [...this.omitted].filter((k) => k !== kind);
        this.omitted = new Set(isShown ? others : [...others, kind]);
      },
      fullscreen: () => this.toggleFullscreen(),
      help: () => this.showHelp(),
    };
  }

  private get playback(): Playback | undefined {
    return this.shown?.playback;
  }

  private begin(): void {
    const frame = this.renderRoot.querySelector<HTMLElement>('.frame')!;
    this.fit ??= new StageFit(this, this.renderRoot.querySelector('.stage')!, frame);
    this.shown = new PlayerSession(this.api, sessionPath(this.tenant, this.session), frame, {
      onChange: () => this.requestUpdate(),
      onNotice: (text) => this.say(text),
      onResize: (width, height) => this.fit?.resize(width, height),
      onReady: () => this.report('sr-ready'),
      onError: (error) => this.dispatchEvent(new CustomEvent('sr-error', { detail: error })),
      onForgotten: () => {
        this.fit?.reset();
        this.selected = undefined;
        this.say('');
      },
    });
    void this.shown.open();
  }

  private report(name: 'sr-ready' | 'sr-deleted'): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
  }

  /** The details of an event belong to the list that it was chosen in. */
  private readonly chooseTab = (tab: Tab): void => {
    this.tab = tab;
    this.selected = undefined;
  };

  private readonly select = (row: EventRow | undefined): void => {
    this.selected = row;
    if (row) {
      void this.playback?.seek(row.time);
    }
  };

  private showDialog(id: string): void {
    this.renderRoot.querySelector<HTMLDialogElement>(`#${id}`)?.showModal();
  }

  private async delete(): Promise<void> {
    if (await this.shown!.delete()) {
      this.report('sr-deleted');
      if (this.back) {
        location.assign(this.back);
      }
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

if (!customElements.get('session-replay-player')) {
  customElements.define('session-replay-player', SessionReplayPlayer);
}
