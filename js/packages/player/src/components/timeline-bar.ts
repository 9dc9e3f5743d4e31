import { LitElement, html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { formatDuration } from '../data/format.ts';
import type { Stretch } from '../data/idle.ts';
import type { Timeline } from '../data/timeline.ts';
import type { WindowInfo } from '../data/types.ts';
import { KINDS, groupMarkers, markerText, type MarkerGroup } from '../events/markers.ts';
import { theme } from './theme.ts';
import { timelineStyles } from './timeline-styles.ts';

/** Places of markers on the timeline, about one for a marker's width. */
const PLACES = 160;
/** More places of one kind than this are a mass: how many there are where is drawn, and not each. */
const MAX_PLACES = 40;
/** Page changes that can be distinguished. */
const MAX_EDGES = 60;
/** Tabs that have a lane of their own. */
const MAX_LANES = 6;
/** How near a pointer must be to a marker, in pixels. */
const NEAR_PX = 6;

/**
 * `<session-replay-timeline>`: the session from its begin to its end, with markers, page changes, gaps, stretches without activity, and a
 * lane for each of several tabs. Dispatches `sr-scrub` while it is dragged and `sr-seek` when it is let go, with a time in ms since the
 * Unix epoch; `sr-window` with a window and a time.
 */
export class TimelineBar extends LitElement {
  static override properties = {
    timeline: { attribute: false }, time: { type: Number }, omitted: { attribute: false }, window: { type: String }, hover: { state: true },
  };

  static override styles = [theme, timelineStyles];

  declare timeline: Timeline | undefined;
  declare time: number;
  /** Kinds of markers that are not shown. */
  declare omitted: ReadonlySet<string>;
  /** The window that is shown. */
  declare window: string;
  declare hover: { x: number; text: string; isRight: boolean } | undefined;
  private groups: MarkerGroup[] = [];
  private edges: number[] = [];

  constructor() {
    super();
    this.time = 0;
    this.omitted = new Set();
    this.window = '';
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (this.timeline && (changed.has('timeline') || changed.has('omitted'))) {
      this.groups = groupMarkers(this.timeline.markers, this.timeline.start, this.timeline.duration, PLACES, this.omitted);
      this.edges = spread(this.timeline.segments.slice(1).map((s) => this.percent(s.from)), MAX_EDGES);
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
          <div class="played" .style="transform:scaleX(${at})"></div>
          ${guard([timeline], () => [
            timeline.idle.map((s) => html`<div class="idle" .style=${this.span(s.from, s.to)}></div>`),
            this.edges.map((at) => html`<div class="edge" .style="left:${at}%"></div>`),
          ])}
        </div>
        ${guard([timeline], () => timeline.gaps.map((g) => html`<div class="gap" .style=${this.span(g.from, g.to)}></div>
          ${g.resume !== undefined && g.resume > g.to ? html`<div class="dark" .style=${this.span(g.to, g.resume)}></div>` : ''}`))}
        ${guard([timeline, this.omitted], () => drawMarkers(this.groups))}
        <input type="range" min="0" max=${Math.ceil(timeline.duration)} step="any" .value=${String(offset)}
          aria-label="Position in the session" aria-valuetext=${this.valueText(offset)}
          @input=${(e: Event) => this.move(e, 'sr-scrub')} @change=${(e: Event) => this.move(e, 'sr-seek')}>
        <div class="ring"></div>
        <div class="head" .style="left:${at * 100}%"></div>
        ${this.tip()}
      </div>
      ${guard([timeline, this.window, timeline.tracks.length > 1 ? Math.floor(this.time / 1000) : 0], () => this.lanes(timeline))}`;
  }

  private tip(): TemplateResult | string {
    if (!this.hover) {
      return '';
    }
    const { x, text, isRight } = this.hover;
    return html`<div class="tip" .style=${isRight ? `right:calc(100% - ${x}px)` : `left:${x}px`}>${text}</div>`;
  }

  private lanes(timeline: Timeline): TemplateResult | string {
    const { tracks } = timeline;
    const more = tracks.length - MAX_LANES;
    const lanes = tracks.slice(0, MAX_LANES).map((track, i) => this.lane(timeline, track, `Tab ${i + 1}`));
    return tracks.length < 2 ? '' : html`<div class="tabs" role="group" aria-label="Tabs of the visitor">${lanes}${
      more > 0 ? html`<span class="muted">and ${more} more ${more === 1 ? 'tab' : 'tabs'}</span>` : ''}</div>`;
  }

  private lane(timeline: Timeline, track: readonly WindowInfo[], tab: string): TemplateResult {
    const shown = track.find((w) => w.id === this.window);
    const now = shown ?? pageAt(track, this.time);
    const name = now.title || now.url || now.id;
    const pages = track.length === 1 ? '1 page' : `${track.length} pages`;
    return html`<button class="lane" aria-pressed=${shown !== undefined} title="${tab}: ${name}" aria-label="${tab}, ${name}, ${pages}"
      @click=${(e: MouseEvent) => this.choose(e, track)}>
      ${joined(track, timeline.duration / PLACES).map(({ from, to }) => html`<i .style=${this.span(from, to)}></i>`)}</button>`;
  }

  /** A click on a lane means the page there; a key means the page of the moment. */
  private choose(event: MouseEvent, track: readonly WindowInfo[]): void {
    const box = this.renderRoot.querySelector('.tabs')!.getBoundingClientRect();
    const timeline = this.timeline!;
    const time = event.detail > 0 ? timeline.start + ((event.clientX - box.left) / box.width) * timeline.duration : this.time;
    const { id, from, to } = pageAt(track, time);
    this.dispatchEvent(new CustomEvent('sr-window', { detail: { window: id, from, to } }));
  }

  private valueText(offset: number): string {
    const timeline = this.timeline!;
    const time = timeline.start + offset;
    const window = timeline.windowAt(time, this.window);
    const gap = window && timeline.gapAt(window, time);
    const state = gap ? 'part of the recording is missing' : timeline.idleAt(time) ? 'no activity' : '';
    return [`${formatDuration(offset)} of ${formatDuration(timeline.duration)}`, state, window?.title ?? ''].filter(Boolean).join(', ');
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
    const text = [formatDuration(time - timeline.start), ...near, near.length === 0 ? state : ''].filter(Boolean).join(' · ');
    this.hover = { x, text, isRight: x > box.width / 2 };
  };
}

/** The page of a tab at a time, or the nearest to it. */
function pageAt(track: readonly WindowInfo[], time: number): WindowInfo {
  const away = (w: WindowInfo): number => Math.max(0, w.from - time, time - w.to);
  return track.reduce((nearest, w) => (away(w) < away(nearest) ? w : nearest));
}

/** The stretches of a tab's pages: those too close to be distinguished are one. */
function joined(track: readonly WindowInfo[], apart: number): Stretch[] {
  return track.reduce<Stretch[]>((stretches, { from, to }) => {
    const last = stretches.at(-1);
    if (last && from - last.to < apart) {
      last.to = Math.max(last.to, to);
    } else {
      stretches.push({ from, to });
    }
    return stretches;
  }, []);
}

/** Takes places out of many, so that they are at least so far apart. */
function spread(places: readonly number[], max: number): number[] {
  let last = -Infinity;
  return places.filter((place) => {
    const isApart = place - last >= 100 / max;
    last = isApart ? place : last;
    return isApart;
  });
}

/** Draws markers one by one, and of a kind that is everywhere how many there are where. */
function drawMarkers(groups: readonly MarkerGroup[]): TemplateResult[] {
  const byKind = new Map<string, MarkerGroup[]>();
  for (const group of groups) {
    byKind.set(group.first.kind, [...byKind.get(group.first.kind) ?? [], group]);
  }
  // Pages that are everywhere show as the edges of the track.
  return [...byKind].filter(([name, places]) => name !== 'navigation' || places.length <= MAX_PLACES).flatMap(([name, places]) => {
    const { lane, form, color } = KINDS.get(name)!;
    const most = Math.max(...places.map((g) => g.count));
    const left = (g: MarkerGroup): number => (Math.floor(g.at * PLACES) / PLACES) * 100;
    const height = (g: MarkerGroup): number => 2 + Math.round(Math.sqrt(g.count / most) * 8);
    return places.map((g) => (places.length > MAX_PLACES
      ? html`<i class="mass lane${lane}" .style="left:${left(g)}%;width:${100 / PLACES}%;height:${height(g)}px;--c:${color}"></i>`
      : html`<i class="mark lane${lane} ${form} ${g.count > 1 ? 'many' : ''}" .style="left:${g.at * 100}%;--c:${color}"></i>`));
  });
}

if (!customElements.get('session-replay-timeline')) {
  customElements.define('session-replay-timeline', TimelineBar);
}
