import { html, type TemplateResult } from 'lit';
import { formatDuration, formatPath, formatRelative, formatTime, formatUser } from '../data/format.ts';
import type { Session } from '../data/types.ts';

const MAX_EVENTS = 2;

/** What the server says of a row that was changed in the catalog. */
const PROBLEMS = new Map([
  ['row-damaged', 'Its row in the catalog was changed: nothing of it can be shown. Report it to whoever runs this application.'],
  ['facts-damaged', 'Its visitor and address cannot be decrypted. The recording may still play: open the session. If it does not, ask whoever runs this application to check its keys and log.'],
]);

/** One session in the list. A row that cannot be shown says so, and stops no other. */
export function sessionRow(session: Session, href: string, now: number, remove: (session: Session) => void): TemplateResult {
  if (session.problem) {
    return brokenRow(session, href, PROBLEMS.get(session.problem) ?? session.problem, remove);
  }
  try {
    return wholeRow(session, href, now, remove);
  } catch (error) {
    return brokenRow(session, href, error instanceof Error ? error.message : String(error), remove);
  }
}

function brokenRow(session: Session, href: string, reason: string, remove: (session: Session) => void): TemplateResult {
  const name = session.id.slice(-8);
  return html`<tr class="broken">
    <td class="user"><a href=${address(session, href)}>Session ${name}</a></td>
    <td colspan="7"><span class="badge bad">Cannot be shown</span> ${reason}</td>
    <td class="actions"><button class="danger" aria-label="Delete session ${name}" title="Delete this session" @click=${() => remove(session)}>Delete…</button></td>
  </tr>`;
}

/** The player's address of a session. */
function address(session: Session, href: string): string {
  return href.replace('{tenant}', encodeURIComponent(session.tenant)).replace('{id}', encodeURIComponent(session.id));
}

function wholeRow(session: Session, href: string, now: number, remove: (session: Session) => void): TemplateResult {
  const more = session.customEvents.length - MAX_EVENTS;
  return html`<tr>
    <td class="user"><a href=${address(session, href)}>${formatUser(session.user)}</a>
      <span class="sub">${session.user?.email && session.user.name ? session.user.email : session.user?.id ?? `Session ${session.id.slice(-8)}`}</span></td>
    <td class="when"><time datetime=${new Date(session.startedAt).toISOString()} title=${formatTime(session.startedAt)}>${formatRelative(session.startedAt, now)}</time>
      ${session.live ? html`<span class="badge live">live</span>` : ''}</td>
    <td class="entry" title=${session.entryUrl ?? ''}>${formatPath(session.entryUrl) || '–'}
      ${session.customEvents.length > 0 ? html`<span class="sub" title=${session.customEvents.join(', ')}>${session.customEvents.slice(0, MAX_EVENTS).join(', ')}${more > 0 ? ` and ${more} more` : ''}</span>` : ''}</td>
    <td class="number">${formatDuration(session.durationMs)}</td>
    <td class="number" data-unit=${session.pages === 1 ? 'page' : 'pages'}>${session.pages}</td>
    <td class="number" data-unit=${session.clicks === 1 ? 'click' : 'clicks'}>${session.rageClicks > 0 ? html`<span class="badge warn" title="Clicks in anger">${session.rageClicks} rage</span> ` : ''}${session.clicks}</td>
    <td class="number" data-unit=${session.errors === 1 ? 'error' : 'errors'}>${session.errors > 0 ? html`<span class="badge bad">${session.errors}</span>` : '0'}</td>
    <td>${session.browser ?? 'Unknown'}<span class="sub">${[session.os, session.device].filter(Boolean).join(', ')}</span></td>
    <td class="actions"><button class="danger" aria-label="Delete the session of ${formatUser(session.user)}" title="Delete this session" @click=${() => remove(session)}>Delete…</button></td>
  </tr>`;
}
