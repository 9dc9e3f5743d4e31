import { html, type TemplateResult } from 'lit';
import { formatBytes, formatDuration, formatPath, formatTime, formatUser } from '../data/format.ts';
import { shownText } from '../data/shown-text.ts';
import type { Timeline } from '../data/timeline.ts';
import type { Session, SessionDetail } from '../data/types.ts';

/** Shows what is known of the session: user, device, pages, what the sanitizer replaced. */
export function factsPanel(timeline: Timeline, detail: SessionDetail | undefined, shown: string | undefined, time: number, seek: (time: number) => void): TemplateResult {
  const { session } = timeline.manifest;
  const facts: [string, unknown][] = [
    ['User', session.user ? session.user.name : formatUser(null)], ['User id', session.user?.id], ['E-mail', session.user?.email], ['Address', session.ip],
    ['Started', formatTime(session.startedAt)], ['Duration', formatDuration(session.durationMs)],
    ['Browser', session.browser], ['System', [session.os, session.device].filter(Boolean).join(', ')],
    ['Viewport', session.viewportWidth ? `${session.viewportWidth} × ${session.viewportHeight}` : ''],
    ['Events', `${session.events.toLocaleString('en')} in ${session.chunks.toLocaleString('en')} batches, ${formatBytes(session.bytes)}`],
    ['Lost events', session.lostEvents || ''], ['Custom events', session.customEvents.join(', ')],
    ['Replaced on arrival', Object.entries(detail?.sanitized ?? {}).map(([rule, n]) => `${n} × ${rule}`).join(', ')],
    ['Traits', traits(session)], ['Session', session.id],
  ];
  const current = detail?.pageList.findLastIndex((p) => p.window === shown && p.time <= time) ?? -1;
  return html`<dl>${facts.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    ${detail && detail.pageList.length > 0 ? html`<h3>Pages</h3><ol>${detail.pageList.map((page, i) => html`<li>
      <button aria-current=${i === current ? 'true' : 'false'} title=${page.url} @click=${() => seek(page.time)}><span class="muted">${formatDuration(page.time - timeline.start)}</span>
        <span>${page.title || formatPath(page.url)}</span></button></li>`)}</ol>` : ''}${detail?.pageListTruncated ? html`<p class="muted">There are more pages than are listed.</p>` : ''}`;
}

function traits(session: Session): string {
  try {
    return Object.entries(JSON.parse(session.user?.traitsJson || '{}') as Record<string, unknown>).map(([name, value]) => shownText(`${name}: ${String(value)}`)).join(', ');
  } catch {
    return '';
  }
}
