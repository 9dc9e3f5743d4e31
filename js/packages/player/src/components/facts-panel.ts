import { html, type TemplateResult } from 'lit';
import { formatBytes, formatDuration, formatPath, formatTime, formatUser } from '../data/format.ts';
import type { Session, SessionDetail } from '../data/types.ts';
import type { EventRow } from './event-rows.ts';

/** Shows what is known of the session: user, device, pages, vitals, what the sanitizer replaced. */
export function factsPanel(session: Session, detail: SessionDetail | undefined, rows: EventRow[], seek: (time: number) => void): TemplateResult {
  const vitals = new Map(rows.filter((r) => r.kind === 'performance').map((r) => [r.title, r]));
  const facts: [string, unknown][] = [
    ['User', formatUser(session.user)], ['User id', session.user?.id], ['E-mail', session.user?.email], ['Address', session.ip],
    ['Started', formatTime(session.startedAt)], ['Duration', formatDuration(session.durationMs)],
    ['Browser', session.browser], ['System', [session.os, session.device].filter(Boolean).join(', ')],
    ['Viewport', session.viewportWidth ? `${session.viewportWidth} × ${session.viewportHeight}` : ''],
    ['Events', `${session.events} in ${session.chunks} batches, ${formatBytes(session.bytes)}`],
    ['Lost events', session.lostEvents || ''], ['Custom events', session.customEvents.join(', ')],
    ['Replaced on arrival', Object.entries(detail?.sanitized ?? {}).map(([rule, n]) => `${n} × ${rule}`).join(', ')],
    ['Session', session.id],
  ];
  return html`<dl>${facts.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    ${vitals.size > 0 ? html`<h3>Web vitals</h3><dl>${[...vitals.values()].map((r) => html`<dt>${r.title}</dt><dd class=${r.bad ? 'bad' : ''}>${r.detail}${r.title === 'CLS' ? '' : ' ms'}
      ${'performance' in r.source && r.source.performance?.rating ? html`<span class="badge ${r.bad ? 'bad' : ''}">${r.source.performance.rating}</span>` : ''}</dd>`)}</dl>` : ''}
    ${detail && detail.pageList.length > 0 ? html`<h3>Pages</h3><ol>${detail.pageList.map((page) => html`<li>
      <button @click=${() => seek(page.time)}><span class="muted">${formatDuration(page.time - session.startedAt)}</span> ${page.title || formatPath(page.url)}</button></li>`)}</ol>` : ''}`;
}
