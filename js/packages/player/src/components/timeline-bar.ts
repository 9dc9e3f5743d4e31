import { LitElement, css, html, svg, type TemplateResult } from 'lit';
import { formatDuration } from '../data/format.ts';
import type { Timeline } from '../data/timeline.ts';
import { KINDS } from './kinds.ts';
import { theme } from './theme.ts';

const MAX_SHOWN = 2000;

/** `<session-replay-timeline>`: the session from its begin to its end, with markers, page changes and gaps. Dispatches `sr-seek` with the offset in ms. */
export class TimelineBar extends LitElement {
  static override properties = { timeline: { attribute: false }, time: { type: Number }, hover: { state: true } };

  static override styles = [theme, css`
    :host { background: none; padding: 0 2px; }
    .bar { position: relative; height: 46px; cursor: pointer; touch-action: none; }
    svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
    .track { fill: var(--_raised); }
    .played { fill: color-mix(in srgb, var(--_accent) 35%, transparent); }
    .gap { fill: url(#hatch); }
    .edge { stroke: var(--_line); stroke-width: 1; vector-effect: non-scaling-stroke; }
    .head { position: absolute; top: 8px; width: 2px; height: 30px; margin-left: -1px; background: var(--_accent); pointer-events: none; }
    .head::before { content: ''; position: absolute; top: -4px; left: -4px; width: 10px; height: 10px; border-radius: 50%; background: var(--_accent); }
    input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; padding: 0; }
    input:focus-visible + .ring { outline: 2px solid var(--_accent); outline-offset: 2px; }
    .ring { position: absolute; inset: 12px 0; pointer-events: none; border-radius: 4px; }
    .tip { position: absolute; bottom: 44px; transform: translateX(-50%); background: var(--_text); color: var(--_surface); font-size: 12px; padding: 2px 8px; border-radius: 4px; white-space: nowrap; pointer-events: none; max-width: 320px; overflow: hidden; text-overflow: ellipsis; z-index: 2; }
  `];

  declare timeline: Timeline | undefined;
  declare time: number;
  declare hover: { x: number; text: string } | undefined;

  constructor() {
    super();
    this.time = 0;
  }

  override render(): TemplateResult {
    const timeline = this.timeline;
    if (!timeline) {
      return html``;
    }
    const x = (time: number) => Math.min(1000, Math.max(0, ((time - timeline.start) / timeline.duration) * 1000));
    const markers = timeline.manifest.markers.slice(0, MAX_SHOWN);
    const offset = Math.min(timeline.duration, Math.max(0, this.time - timeline.start));
    return html`<div class="bar" @pointermove=${this.point} @pointerleave=${() => (this.hover = undefined)}>
      <svg viewBox="0 0 1000 46" preserveAspectRatio="none" aria-hidden="true">
        <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" fill="currentColor" opacity="0.35"/></pattern></defs>
        <rect class="track" x="0" y="18" width="1000" height="10" rx="3"/>
        <rect class="played" x="0" y="18" width=${x(this.time)} height="10" rx="3"/>
        ${timeline.gaps.map((g) => svg`<rect class="gap" x=${x(g.from)} y="14" width=${Math.max(2, x(g.to) - x(g.from))} height="18"/>`)}
        ${timeline.segments.slice(1).map((s) => svg`<line class="edge" x1=${x(s.from)} x2=${x(s.from)} y1="10" y2="36"/>`)}
        ${markers.map((m) => {
          const kind = KINDS[m.kind];
          return kind ? svg`<rect x=${x(m.time) - 1} y=${kind.lane} width="2.4" height="6" rx="1" style=${`fill:${kind.color}`}/>` : '';
        })}
      </svg>
      <input type="range" min="0" max=${Math.ceil(timeline.duration)} step="100" .value=${String(offset)} aria-label="Position in the session"
        aria-valuetext="${formatDuration(offset)} of ${formatDuration(timeline.duration)}" @input=${this.seek} @keydown=${(e: Event) => e.stopPropagation()}>
      <div class="ring"></div>
      <div class="head" style="left:${x(this.time) / 10}%"></div>
      ${this.hover ? html`<div class="tip" style="left:${this.hover.x}px">${this.hover.text}</div>` : ''}
    </div>`;
  }

  private readonly seek = (event: Event): void => {
    this.dispatchEvent(new CustomEvent('sr-seek', { detail: Number((event.target as HTMLInputElement).value) }));
  };

  private readonly point = (event: PointerEvent): void => {
    const box = this.getBoundingClientRect();
    const timeline = this.timeline;
    if (!timeline || box.width === 0) {
      return;
    }
    const px = event.clientX - box.left;
    const time = timeline.start + (px / box.width) * timeline.duration;
    const near = (timeline.duration / box.width) * 5;
    const marker = timeline.manifest.markers.find((m) => Math.abs(m.time - time) < near && KINDS[m.kind]);
    const gap = timeline.gaps.find((g) => time >= g.from && time <= g.to);
    const what = marker ? ` · ${KINDS[marker.kind]!.title}${marker.label ? `: ${marker.label}` : ''}` : gap ? ` · ${gap.reason}` : '';
    this.hover = { x: px, text: formatDuration(time - timeline.start) + what };
  };
}

if (!customElements.get('session-replay-timeline')) {
  customElements.define('session-replay-timeline', TimelineBar);
}
