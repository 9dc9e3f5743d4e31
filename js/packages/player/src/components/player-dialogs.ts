import { html, type TemplateResult } from 'lit';
import { SHORTCUTS } from '../playback/keyboard.ts';

/** The help on the keyboard, and the question before a session is deleted. */
export function playerDialogs(remove: () => void): TemplateResult {
  return html`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keyboard shortcuts</h2>
      <dl>${SHORTCUTS.map((s) => html`<dt>${s.label.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${s.what}</dd>`)}</dl>
      <form method="dialog"><button class="primary">Close</button></form></dialog>
    ${deleteDialog(remove)}`;
}

/** The question before a session is deleted. */
export function deleteDialog(remove: () => void): TemplateResult {
  return html`<dialog id="delete" aria-labelledby="delete-title"><h2 id="delete-title">Delete this session for good?</h2>
      <p>Its key is destroyed first: nobody can read the recording again, not even from a backup.</p>
      <form method="dialog"><button autofocus>Keep it</button> <button
        class="danger" @click=${remove}>Delete for good</button></form></dialog>`;
}
