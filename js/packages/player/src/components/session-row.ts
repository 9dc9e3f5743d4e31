import { html, type TemplateResult } from 'lit';
import { formatDuration, formatPath, formatRelative, formatTime, formatUser } from '../data/format.ts';
import type { Session } from '../data/types.ts';

const MAX_EVENTS = 2;

/** What the server says of a row that was changed in the catalog. */
const PROBLEMS = new Map([
  ['row-damaged', 'Its row in the catalog was changed: nothing of it can be shown. Report it to whoever runs this application.'],
  ['facts-damaged', 'Its visitor and address cannot be decrypted. The recording may still play: open the session. '
    + 'If it does not, ask whoever runs this application to check its keys and log.'],
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
    ${deleteCell(`Delete session ${name}`, () => remove(session))}
  </tr>`;
}

function deleteCell(label: string, remove: () => void): TemplateResult {
  return html`<td class="actions"><button class="danger" aria-label=${label} title="Delete this session"
    @click=${remove}>Delete…</button></td>`;
}

/** The player's address of a session. */
function address(session: Session, href: string): string {
  return href.replace('{tenant}', encodeURIComponent(session.tenant)).replace('{id}', encodeURIComponent(session.id));
}

function wholeRow(session: Session, href: string, now: number, remove: (session: Session) => void): TemplateResult {
  const { user, startedAt, customEvents, rageClicks } = session;
  return html`<tr>
    <td class="user"><a href=${address(session, href)}>${formatUser(user)}</a>
      <span class="sub">${user?.email && user.name ? user.email : user?.id ?? `Session ${session.id.slice(-8)}`}</span></td>
    <td class="when"><time datetime=${new Date(startedAt).toISOString()}
      title=${formatTime(startedAt)}>${formatRelative(startedAt, now)}</time>
      ${session.live ? html`<span class="badge live">live</span>` : ''}</td>
    <td class="entry" title=${session.entryUrl ?? ''}>${formatPath(session.entryUrl) || '–'}
      ${customEvents.length > 0 ? html`<span class="sub" title=${customEvents.join(', ')}>${firstOf(customEvents)}</span>` : ''}</td>
    <td class="number">${formatDuration(session.durationMs)}</td>
    <td class="number" data-unit=${session.pages === 1 ? 'page' : 'pages'}>${session.pages}</td>
    <td class="number" data-unit=${session.clicks === 1 ? 'click' : 'clicks'}>${rageClicks > 0
      ? html`<span class="badge warn" title="Clicks in anger">${rageClicks} rage</span> ` : ''}${session.clicks}</td>
    <td class="number" data-unit=${session.errors === 1 ? 'error' : 'errors'}>${session.errors > 0
      ? html`<span class="badge bad">${session.errors}</span>` : '0'}</td>
    <td>${session.browser ?? 'Unknown'}<span class="sub">${[session.os, session.device].filter(Boolean).join(', ')}</span></td>
    ${deleteCell(`Delete the session of ${formatUser(user)}`, () => remove(session))}
  </tr>`;
}

function firstOf(names: readonly string[]): string {
  const more = names.length - MAX_EVENTS;
  return `${names.slice(0, MAX_EVENTS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
