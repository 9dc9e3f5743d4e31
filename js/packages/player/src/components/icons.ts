import { html, type TemplateResult } from 'lit';

const icon = (path: string): TemplateResult => html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d=${path}></path></svg>`;

/** The pictures on buttons. */
export const icons = {
  play: icon('M4 2.5v11l9-5.5z'),
  pause: icon('M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z'),
  back: icon('M8 3V.5L3.5 4 8 7.5V5a4.5 4.5 0 1 1-4.5 4.5H2A6 6 0 1 0 8 3z'),
  forward: icon('M8 3V.5L12.5 4 8 7.5V5a4.5 4.5 0 1 0 4.5 4.5H14A6 6 0 1 1 8 3z'),
  full: icon('M2 6V2h4v1.5H3.5V6zM10 2h4v4h-1.5V3.5H10zM2 10h1.5v2.5H6V14H2zM12.5 10H14v4h-4v-1.5h2.5z'),
  left: icon('M10.5 2.5 5 8l5.5 5.5 1-1L7 8l4.5-4.5z'),
};
