import { html, type TemplateResult } from 'lit';
import { formatUser } from '../data/format.ts';
import type { Session } from '../data/types.ts';
import { icons } from './icons.ts';

/** What the header shows and does. */
export interface HeaderState {
  back: string;
  session: Session | undefined;
  /** The address of the page that is shown. */
  address: string;
  copyLink: () => void;
  remove: () => void;
}

/** The line above the stage: whose session it is, which page is shown. */
export function playerHeader({ back, session, address, copyLink, remove }: HeaderState): TemplateResult {
  return html`<header>
    ${back ? html`<a href=${back} aria-label="Back to all sessions">${icons.left} Sessions</a>` : ''}
    ${session ? html`<span class="who">${formatUser(session.user)}</span>${
      session.live ? html`<span class="badge live">live</span>` : ''}` : ''}
    <span class="url" title=${address}>${address}</span>
    ${session ? html`<button @click=${copyLink}>Copy link</button><button class="danger" @click=${remove}>Delete…</button>` : ''}
  </header>`;
}
