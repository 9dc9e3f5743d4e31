import { html, type TemplateResult } from 'lit';
import { ApiProblem } from '../data/api-problem.ts';

/** Says in words what went wrong and what can be done about it. */
export function problemNotice(error: unknown, retry: () => void): TemplateResult {
  const problem = error instanceof ApiProblem ? error : undefined;
  const advice = problem?.status === 401 ? 'Sign in to the application, then load this page again.'
    : problem?.status === 410 ? 'The recording cannot be brought back.'
    : problem?.detail || (error instanceof Error ? error.message : String(error));
  return html`<div class="notice" role="alert">
    <strong>${problem?.title ?? 'Something went wrong.'}</strong>
    <p>${advice}</p>
    ${problem?.status === 410 || problem?.status === 404 ? '' : html`<button @click=${retry}>Try again</button>`}
  </div>`;
}

/** Says that a recording was not drawn, and lets the viewer have it drawn all the same. */
export function stuckNotice(show: () => void): TemplateResult {
  return html`<div class="notice" role="alert">
    <strong>This recording kept the browser busy.</strong>
    <p>The last attempt to draw it did not end. It can be deleted without being drawn.</p>
    <button @click=${show}>Draw it anyway</button>
  </div>`;
}

/** Says whose stylesheets a page used that the recording does not hold. */
export function missingStyles(hosts: string[]): TemplateResult | string {
  return hosts.length > 0
    ? html`<div class="chip missing">Styles of ${
      hosts.join(', ')} are missing: the site does not let other sites read them (CORS).</div>` : '';
}
