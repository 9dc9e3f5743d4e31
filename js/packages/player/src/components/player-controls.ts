import { html, type TemplateResult } from 'lit';
import { formatDuration } from '../data/format.ts';
import { KINDS, countMarkers } from '../events/markers.ts';
import { SPEEDS, type Playback } from '../playback/playback.ts';
import { icons } from './icons.ts';

/** What the controls do that the playback does not. */
export interface ControlActions {
  omitted: ReadonlySet<string>;
  show: (kind: string, isShown: boolean) => void;
  fullscreen: () => void;
  help: () => void;
}

/** The row of buttons below the timeline. */
export function playerControls(playback: Playback, actions: ControlActions): TemplateResult {
  const { timeline } = playback;
  const step = (ms: number) => () => void playback.seek(playback.time + ms);
  const skip = (e: Event): boolean => (playback.skip = (e.target as HTMLInputElement).checked);
  const changeSpeed = (e: Event): number => (playback.speed = Number((e.target as HTMLSelectElement).value));
  return html`<div class="controls">
    <button class="icon play primary" aria-label=${playback.playing ? 'Pause' : 'Play'}
      @click=${() => (playback.playing ? playback.pause() : playback.play())}>${playback.playing ? icons.pause : icons.play}</button>
    <button class="icon" aria-label="Back 10 seconds" title="Back 10 seconds (j)" @click=${step(-10_000)}>${icons.back}</button>
    <button class="icon" aria-label="Forward 10 seconds" title="Forward 10 seconds (l)" @click=${step(10_000)}>${icons.forward}</button>
    <span class="clock">${formatDuration(playback.time - timeline.start)} <span
      class="muted">/ ${formatDuration(timeline.duration)}</span></span>
    ${timeline.manifest.session.live && !playback.isLive ? html`<button @click=${() => void playback.goLive()}>Go live</button>` : ''}
    <span class="spacer"></span>
    <label><input type="checkbox" .checked=${playback.skip} @change=${skip}> Skip inactivity</label>
    <select aria-label="Speed" .value=${String(playback.speed)} @change=${changeSpeed}>
      ${SPEEDS.map((s) => html`<option value=${s} ?selected=${s === playback.speed}>${s}×</option>`)}</select>
    <button class="icon" aria-label="Full screen" title="Full screen (f)" @click=${actions.fullscreen}>${icons.full}</button>
    <button class="icon" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" @click=${actions.help}>?</button>
  </div>`;
}

/** Chooses which kinds of markers the timeline shows. */
export function markerFilter(playback: Playback, actions: ControlActions): TemplateResult | string {
  const kinds = countMarkers(playback.timeline.markers);
  const toggle = ([kind, count]: [string, number]): TemplateResult => {
    const isShown = !actions.omitted.has(kind);
    const { title, many, color, form } = KINDS.get(kind)!;
    return html`<button class="toggle" aria-pressed=${isShown} @click=${() => actions.show(kind, !isShown)}>
      <i class="form ${form}" .style="background:${color}"></i>${count === 1 ? title : many} ${count.toLocaleString('en')}</button>`;
  };
  return kinds.length === 0 ? '' : html`<div class="kinds" role="group" aria-label="Markers on the timeline">${kinds.map(toggle)}${
    playback.timeline.manifest.markersTruncated ? html`<span class="muted">There are more markers than are shown.</span>` : ''}</div>`;
}

/** Chooses the tab that is shown, where the visitor used several at once. */
export function windowChoice(playback: Playback, shown: string | undefined): TemplateResult | string {
  const on = playback.timeline.tabsAt(playback.time);
  return on.length < 2 ? '' : html`<div class="windows" role="group" aria-label="Tabs open at this moment">${on.map((w, i) => html`
    <button aria-pressed=${w.id === shown} title=${w.url ?? ''}
      @click=${() => void playback.prefer(w.id)}>Tab ${i + 1}: ${w.title || w.url || 'untitled'}</button>`)}
    ${playback.preferred === undefined ? ''
      : html`<button class="follow" @click=${() => void playback.prefer(undefined)}>Follow the visitor</button>`}</div>`;
}
