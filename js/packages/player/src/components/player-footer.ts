import { html, type TemplateResult } from 'lit';
import type { Playback } from '../playback/playback.ts';
import { markerFilter, playerControls, type ControlActions } from './player-controls.ts';
import './timeline-bar.ts';

/** What is below the stage: the timeline and the controls. `shown` is the window that the stage shows. */
export function playerFooter(playback: Playback, shown: string, actions: ControlActions): TemplateResult {
  const chooseWindow = ({ detail }: CustomEvent<{ window: string; from: number; to: number }>): void => {
    const { window, from, to } = detail;
    void playback.prefer(window, playback.time >= from && playback.time <= to ? playback.time : from);
  };
  return html`${markerFilter(playback, actions)}
    <session-replay-timeline .timeline=${playback.timeline} .time=${playback.time} .omitted=${actions.omitted} .window=${shown}
      @sr-scrub=${(e: CustomEvent<number>) => playback.scrub(e.detail)} @sr-seek=${(e: CustomEvent<number>) => void playback.seek(e.detail)}
      @sr-window=${chooseWindow}></session-replay-timeline>${playerControls(playback, actions)}`;
}
