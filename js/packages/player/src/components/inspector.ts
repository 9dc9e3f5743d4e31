import { html, type TemplateResult } from 'lit';
import type { Playback } from '../playback/playback.ts';
import type { SessionSource } from '../playback/session-source.ts';
import type { EventRow } from '../events/event-rows.ts';
import { sessionPanel } from './session-panel.ts';
import { performancePanel } from './performance-panel.ts';
import type { PanelName } from './panel-view.ts';
import './details-pane.ts';
import './event-panel.ts';

/** The panes beside the stage. */
const TABS = ['Session', 'Events', 'Console', 'Network', 'Performance'] as const;
export type Tab = (typeof TABS)[number];

/** What the panes are drawn from. */
export interface InspectorState {
  source: SessionSource;
  playback: Playback;
  tab: Tab;
  shown: string | undefined;
  selected: EventRow | undefined;
  select: (row: EventRow | undefined) => void;
}

/** The panes: the session, lists of events, measurements. A pane can be chosen before its session is there. */
export function inspector(tab: Tab, choose: (tab: Tab) => void, state: InspectorState | undefined): TemplateResult {
  return html`<aside aria-label="About the session">
    <div role="tablist" aria-label="About the session"
      @keydown=${(e: KeyboardEvent) => moveTab(e, tab, choose)}>${TABS.map((t) => html`<button
      role="tab" id="tab-${t}" aria-controls="pane" aria-selected=${tab === t}
      tabindex=${tab === t ? 0 : -1} @click=${() => choose(t)}>${t}</button>`)}</div>
    <div role="tabpanel" id="pane" tabindex="-1" aria-labelledby="tab-${tab}">${state ? pane(state) : ''}</div>
    ${state?.selected && tab !== 'Session' && tab !== 'Performance' ? details(state) : ''}
    ${state && tab !== 'Session' ? loading(state.source) : ''}
  </aside>`;
}

function details({ source, playback, selected, select }: InspectorState): TemplateResult {
  return html`<session-replay-details .row=${selected} .start=${playback.timeline.start} .load=${(row: EventRow) => source.event(row)}
    @sr-close=${() => select(undefined)}></session-replay-details>`;
}

function pane({ source, playback, tab, shown, selected, select }: InspectorState): TemplateResult {
  const seek = (time: number): void => void playback.seek(time);
  switch (tab) {
    case 'Session':
      return sessionPanel(playback.timeline, source.detail, shown, playback.time, seek);
    case 'Performance':
      return performancePanel(playback.timeline, source.rows, shown, seek);
    default:
      return html`<session-replay-events .rows=${source.rows} .start=${playback.timeline.start} .time=${playback.time}
        .name=${tab.toLowerCase() as PanelName} .selected=${selected}
        @sr-search=${() => source.unlisted > 0 && !source.progress && void source.loadAll()}
        @sr-select=${(e: CustomEvent<EventRow>) => select(e.detail)}></session-replay-events>`;
  }
}

/** Shows how much of the session is listed, and lists the rest on demand. */
function loading(source: SessionSource): TemplateResult | string {
  const { progress, unlisted } = source;
  if (progress) {
    return html`<div class="load"><progress max=${progress.total} value=${progress.done} aria-label="Loading events"></progress>
      <span>${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')}</span><button
      @click=${() => source.cancelLoadAll()}>Stop</button></div>`;
  }
  const rest = `${unlisted.toLocaleString('en')} ${unlisted === 1 ? 'batch is' : 'batches are'}`;
  return unlisted === 0 ? '' : html`<div class="load"><span class="muted">Searched and listed: what was loaded. ${rest} not.</span>
    <button @click=${() => void source.loadAll()}>Load the rest</button></div>`;
}

function moveTab(event: KeyboardEvent, tab: Tab, choose: (tab: Tab) => void): void {
  const at = TABS.indexOf(tab);
  const next = new Map([['ArrowRight', at + 1], ['ArrowLeft', at - 1], ['Home', 0], ['End', TABS.length - 1]]).get(event.key);
  if (next !== undefined) {
    event.preventDefault();
    const chosen = TABS[(next + TABS.length) % TABS.length]!;
    choose(chosen);
    (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`#tab-${chosen}`)?.focus();
  }
}
