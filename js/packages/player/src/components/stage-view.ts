import { html, type TemplateResult } from 'lit';
import type { Waiting } from '../data/api.ts';
import { formatDuration } from '../data/format.ts';
import type { Playback } from '../playback/playback.ts';
import type { Stage } from '../stage/stage.ts';
import { missingStyles, problemNotice, stuckNotice } from './problem-notice.ts';

/** What lies over the page that is shown. */
export interface StageState {
  playback: Playback | undefined;
  stage: Stage | undefined;
  error: unknown;
  /** The recording is not drawn before the viewer asks for it. */
  stuck: boolean;
  waiting: Waiting | undefined;
  notice: string;
  toggle: () => void;
  retry: () => void;
  showAnyway: () => void;
}

/** The recorded page, and on it what is to be said about it. The page of before stays in sight while the next one is not slow to come. */
export function stageView(state: StageState): TemplateResult {
  const { playback, stage, toggle } = state;
  return html`<div class="stage">
    <div class="frame ${stage?.isShown ? 'ready' : ''} ${playback?.loading === 'page' ? 'past' : ''}" @click=${toggle}></div>
    ${overlay(state)}
    <div class="chips" role="status">${chips(state)}</div>
  </div>`;
}

function overlay({ playback, error, stuck, retry, showAnyway }: StageState): TemplateResult | string {
  if (stuck) {
    return html`<div class="overlay">${stuckNotice(showAnyway)}</div>`;
  }
  if (error) {
    return html`<div class="overlay">${problemNotice(error, retry)}</div>`;
  }
  return !playback || playback.loading === 'page'
    ? html`<div class="overlay slow"><div class="notice" aria-live="polite">Loading…</div></div>` : '';
}

function chips({ playback, stage, error, waiting, notice }: StageState): TemplateResult {
  const limited = error ? [] : stage?.limited ?? [];
  const status = error || stage?.isHeld ? '' : playback?.status;
  return html`
    ${waiting ? html`<div class="chip">${waiting.problem.title} Trying again in ${Math.ceil(waiting.seconds)} s.</div>` : ''}
    ${notice ? html`<div class="chip">${notice}</div>` : ''}
    ${limited.length > 0 ? html`<div class="chip">This page asks for more than a browser can bear. Left out: some of its ${
      limited.join(', ')}.</div>` : ''}
    ${missingStyles(error ? [] : stage?.missingStyles ?? [])}
    ${status ? html`<div class="chip">${status}</div>` : ''}
    ${playback?.reached === undefined || error ? '' : html`<div
      class="chip">Too much happened since the last snapshot: the page is shown as it was at ${
      formatDuration(playback.reached - playback.timeline.start)}. <button
      @click=${() => void playback.showWhole()}>Load the rest</button></div>`}
    ${playback?.loading === 'more' ? html`<div class="chip slow">Loading…</div>` : ''}`;
}
