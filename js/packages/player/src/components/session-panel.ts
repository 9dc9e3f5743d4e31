import { html, type TemplateResult } from 'lit';
import { formatBytes, formatDuration, formatPath, formatTime, formatUser } from '../data/format.ts';
import { shownText } from '../data/shown-text.ts';
import type { Timeline } from '../data/timeline.ts';
import type { Session, SessionDetail } from '../data/types.ts';

/** Shows what is known of the session: user, device, pages, what the sanitizer replaced. */
export function sessionPanel(
  timeline: Timeline, detail: SessionDetail | undefined, shown: string | undefined, time: number, seek: (time: number) => void,
): TemplateResult {
  const { session } = timeline.manifest;
  const page = detail?.pageList.findLastIndex((p) => p.window === shown && p.time <= time) ?? -1;
  const fields = fieldsOf(session, detail).filter(([, value]) => value);
  return html`<dl>${fields.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    ${detail && detail.pageList.length > 0 ? html`<h3>Pages</h3><ol>${detail.pageList.map(({ url, title, time: at }, i) => html`<li>
      <button aria-current=${i === page ? 'true' : 'false'} title=${url} @click=${() => seek(at)}><span
        class="muted">${formatDuration(at - timeline.start)}</span>
        <span>${title || formatPath(url)}</span></button></li>`)}</ol>` : ''}
    ${detail?.pageListTruncated ? html`<p class="muted">There are more pages than are listed.</p>` : ''}`;
}

function fieldsOf(session: Session, detail: SessionDetail | undefined): [name: string, value: unknown][] {
  const { user, viewportWidth, viewportHeight } = session;
  return [
    ['User', user ? user.name : formatUser(null)], ['User id', user?.id], ['E-mail', user?.email], ['Address', session.ip],
    ['Started', formatTime(session.startedAt)], ['Duration', formatDuration(session.durationMs)],
    ['Browser', session.browser], ['System', [session.os, session.device].filter(Boolean).join(', ')],
    ['Viewport', viewportWidth ? `${viewportWidth} × ${viewportHeight}` : ''],
    ['Events', `${session.events.toLocaleString('en')} in ${session.chunks.toLocaleString('en')} batches, ${formatBytes(session.bytes)}`],
    ['Lost events', session.lostEvents || ''], ['Custom events', session.customEvents.join(', ')],
    ['Replaced on arrival', Object.entries(detail?.sanitized ?? {}).map(([rule, n]) => `${n} × ${rule}`).join(', ')],
    ['Traits', traits(session)], ['Session', session.id],
  ];
}

function traits({ user }: Session): string {
  try {
    const all = Object.entries(JSON.parse(user?.traitsJson || '{}') as Record<string, unknown>);
    return all.map(([name, value]) => shownText(`${name}: ${String(value)}`)).join(', ');
  } catch {
    return '';
  }
}
