import { LitElement, html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { formatDuration } from '../data/format.ts';
import type { Timeline } from '../data/timeline.ts';
import { KINDS, groupMarkers, markerText, type MarkerGroup } from '../events/markers.ts';
import { theme } from './theme.ts';
import { timelineStyles } from './timeline-styles.ts';

/** Places of markers on the timeline, about one for a marker's width. */
const PLACES = 160;
/** How near a pointer must be to a marker, in pixels. */
const NEAR_PX = 6;

/**
 * `<session-replay-timeline>`: the session from its begin to its end, with markers, page changes, gaps, stretches without activity, and a lane for each of several
 * tabs. Dispatches `sr-scrub` while it is dragged and `sr-seek` when it is let go, with a time in ms since the Unix epoch; `sr-window` with a window and a time.
 */
export class TimelineBar extends LitElement {
  static override properties = { timeline: { attribute: false }, time: { type: Number }, omitted: { attribute: false }, window: { type: String }, hover: { state: true } };

  static override styles = [theme, timelineStyles];

  declare timeline: Timeline | undefined;
  declare time: number;
  /** Kinds of markers that are not shown. */
  declare omitted: ReadonlySet<string>;
  /** The window that is shown. */
  declare window: string;
  declare hover: { x: number; text: string; isRight: boolean } | undefined;
  private groups: MarkerGroup[] = [];

  constructor() {
    super();
    this.time = 0;
    this.omitted = new Set();
    this.window = '';
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (this.timeline && (changed.has('timeline') || changed.has('omitted'))) {
      this.groups = groupMarkers(this.timeline.markers, this.timeline.start, this.timeline.duration, PLACES, this.omitted);
    }
  }

  override render(): TemplateResult {
    const timeline = this.timeline;
    if (!timeline) {
      return html``;
    }
    const offset = Math.min(timeline.duration, Math.max(0, this.time - timeline.start));
    const at = offset / timeline.duration;
    return html`<div class="bar" @pointermove=${this.point} @pointerleave=${() => (this.hover = undefined)}>
        <div class="track">
          <div class="played" style="transform:scaleX(${at})"></div>
          ${guard([timeline], () => [
            timeline.idle.map((s) => html`<div class="idle" style=${this.span(s.from, s.to)}></div>`),
            timeline.segments.slice(1).map((s) => html`<div class="edge" style="left:${this.percent(s.from)}%"></div>`),
          ])}
        </div>
        ${guard([timeline], () => timeline.gaps.map((g) => html`<div class="gap" style=${this.span(g.from, g.to)}></div>
          ${g.resume !== undefined && g.resume > g.to ? html`<div class="dark" style=${this.span(g.to, g.resume)}></div>` : ''}`))}
        ${guard([timeline, this.omitted], () => this.groups.map((g) => {
          const kind = KINDS.get(g.first.kind)!;
          return html`<i class="mark lane${kind.lane} ${kind.form} ${g.count > 1 ? 'many' : ''}" style="left:${g.at * 100}%;--c:${kind.color}"></i>`;
        }))}
        <input type="range" min="0" max=${Math.ceil(timeline.duration)} step="any" .value=${String(offset)} aria-label="Position in the session"
          aria-valuetext=${this.valueText(offset)} @input=${(e: Event) => this.move(e, 'sr-scrub')} @change=${(e: Event) => this.move(e, 'sr-seek')}>
        <div class="ring"></div>
        <div class="head" style="left:${at * 100}%"></div>
        ${this.hover ? html`<div class="tip" style=${this.hover.isRight ? `right:calc(100% - ${this.hover.x}px)` : `left:${this.hover.x}px`}>${this.hover.text}</div>` : ''}
      </div>
      ${guard([timeline, this.window], () => this.lanes(timeline))}`;
  }

  private lanes(timeline: Timeline): TemplateResult | string {
    const tracks = timeline.tracks;
    return tracks.length < 2 ? '' : html`<div class="tabs" role="group" aria-label="Tabs of the visitor">${tracks.map((track, i) => html`<div class="lane">
      ${track.map((w) => html`<button style=${this.span(w.from, w.to)} aria-pressed=${w.id === this.window} title="Tab ${i + 1}: ${w.title || w.url || w.id}"
        aria-label="Tab ${i + 1}, ${w.title || w.url || w.id}, from ${formatDuration(w.from - timeline.start)}"
        @click=${() => this.dispatchEvent(new CustomEvent('sr-window', { detail: { window: w.id, from: w.from, to: w.to } }))}></button>`)}</div>`)}</div>`;
  }

  private valueText(offset: number): string {
    const timeline = this.timeline!;
    const time = timeline.start + offset;
    const window = timeline.windowAt(time, this.window);
    const gap = window && timeline.gapAt(window, time);
    return [`${formatDuration(offset)} of ${formatDuration(timeline.duration)}`, gap ? 'part of the recording is missing' : timeline.idleAt(time) ? 'no activity' : '', window?.title ?? '']
      .filter(Boolean).join(', ');
  }

  private percent(time: number): number {
    return Math.min(100, Math.max(0, ((time - this.timeline!.start) / this.timeline!.duration) * 100));
  }

  private span(from: number, to: number): string {
    return `left:${this.percent(from)}%;width:${this.percent(to) - this.percent(from)}%`;
  }

  private move(event: Event, name: 'sr-scrub' | 'sr-seek'): void {
    this.dispatchEvent(new CustomEvent(name, { detail: this.timeline!.start + Number((event.target as HTMLInputElement).value) }));
  }

  private readonly point = (event: PointerEvent): void => {
    const box = this.renderRoot.querySelector('.bar')!.getBoundingClientRect();
    const timeline = this.timeline;
    if (!timeline || box.width === 0) {
      return;
    }
    const x = Math.min(box.width, Math.max(0, event.clientX - box.left));
    const time = timeline.start + (x / box.width) * timeline.duration;
    const near = this.groups.filter((g) => Math.abs(g.at * box.width - x) <= NEAR_PX).slice(0, 3).map(markerText);
    const gap = timeline.gaps.find((g) => time >= g.from && time <= (g.resume ?? g.to));
    const state = gap?.reason ?? (timeline.idleAt(time) ? 'No activity' : '');
    this.hover = { x, text: [formatDuration(time - timeline.start), ...near, near.length === 0 ? state : ''].filter(Boolean).join(' · '), isRight: x > box.width / 2 };
  };
}

if (!customElements.get('session-replay-timeline')) {
  customElements.define('session-replay-timeline', TimelineBar);
}
