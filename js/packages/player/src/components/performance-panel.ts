import { css, html, type TemplateResult } from 'lit';
import { formatDuration, formatPath } from '../data/format.ts';
import type { Timeline } from '../data/timeline.ts';
import type { WindowInfo } from '../data/types.ts';
import type { EventRow } from '../events/event-rows.ts';
import { VITALS, formatVital, rate, type Vital } from '../events/vitals.ts';

const MAX_PAGES = 200;

export const performanceStyles = css`
  .vitals { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 8px; padding: 10px 12px; }
  .vital { border: 1px solid var(--_line); border-radius: var(--_radius); padding: 8px 10px; }
  .vital .value { display: flex; align-items: baseline; gap: 8px; } .vital b { font-size: 18px; font-variant-numeric: tabular-nums; }
  .vital .name { font-size: 12px; color: var(--_muted); text-decoration: none; } .vital a.name:hover { text-decoration: underline; }
  .scale { position: relative; display: flex; gap: 2px; height: 4px; margin: 6px 0; }
  .scale i { flex: 1; border-radius: 2px; }
  .scale .g { background: var(--_good); }
  .scale .w { background: var(--_warn); }
  .scale .p { background: var(--_bad); }
  .scale::after {
    content: ''; position: absolute; left: var(--at); top: -3px; width: 3px; height: 10px; margin-left: -1px; border-radius: 2px;
    background: var(--_text);
  }
  .good { color: var(--_good); } .needs { color: var(--_warn); } .poor { color: var(--_bad); }
  table.pages {
    width: calc(100% - 24px); margin: 4px 12px 12px; border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums;
  }
  table.pages th { text-align: right; font-weight: 500; color: var(--_muted); padding: 4px; }
  table.pages td { text-align: right; padding: 4px; border-top: 1px solid var(--_line); }
  table.pages th:first-child, table.pages td:first-child {
    text-align: left; max-width: 150px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-left: 0;
  }
  table.pages button { all: unset; cursor: pointer; color: var(--_accent); }
  table.pages button:focus-visible { outline: 2px solid var(--_accent); }
`;

/** Shows the web vitals of the page at the playhead with the thresholds of web.dev, then of all pages. */
export function performancePanel(
  timeline: Timeline, rows: readonly EventRow[], shown: string | undefined, seek: (time: number) => void,
): TemplateResult {
  const byWindow = new Map<string, Map<string, EventRow>>();
  for (const row of rows) {
    if (row.kind === 'performance') {
      const values = byWindow.get(row.window) ?? new Map<string, EventRow>();
      // The library reports a value again when it changes: the last counts.
      byWindow.set(row.window, values.set(row.title, row));
    }
  }
  const here = shown === undefined ? undefined : byWindow.get(shown);
  const pages = timeline.windows.filter((w) => byWindow.has(w.id)).slice(0, MAX_PAGES);
  const others = rows.filter((r) => r.kind === 'performance' && !VITALS.some((v) => v.name === r.title)).slice(0, MAX_PAGES);
  return html`<h3>This page</h3>
    ${here ? html`<div class="vitals">${VITALS.filter((v) => here.has(v.name)).map((v) => card(v, here.get(v.name)!.value ?? 0))}</div>`
      : html`<div class="notice">No measurements of this page. Browsers report some of them only when a page is left,
        and not every browser measures all.</div>`}
    ${pages.length > 0 ? html`<h3>All pages</h3><table class="pages">
      <thead><tr><th scope="col">Page</th>${VITALS.map((v) => html`<th scope="col" title=${v.title}>${v.name}</th>`)}</tr></thead>
      <tbody>${pages.map((w) => pageRow(w, byWindow.get(w.id)!, seek))}</tbody></table>` : ''}
    ${others.length > 0 ? html`<h3>Other measurements</h3><dl>${others.map((r) =>
      html`<dt>${formatDuration(r.time - timeline.start)} ${r.title}</dt><dd>${r.detail}</dd>`)}</dl>` : ''}`;
}

function pageRow(page: WindowInfo, values: ReadonlyMap<string, EventRow>, seek: (time: number) => void): TemplateResult {
  const name = formatPath(page.url) || page.title || 'page';
  return html`<tr><td title=${page.url ?? ''}><button @click=${() => seek(page.from)}>${name}</button></td>
    ${VITALS.map((v) => cell(v, values.get(v.name)?.value))}</tr>`;
}

const style = (rating: string): string => rating.split(' ')[0]!;

function cell(vital: Vital, value: number | undefined): TemplateResult {
  if (value === undefined) {
    return html`<td class="muted">–</td>`;
  }
  const rating = rate(vital, value);
  return html`<td class=${style(rating)} title=${rating}>${formatVital(vital, value)}</td>`;
}

function card(vital: Vital, value: number): TemplateResult {
  const rating = rate(vital, value);
  const [good, poor] = vital.thresholds;
  const third = value <= good ? value / good : value <= poor ? 1 + (value - good) / (poor - good) : 2 + Math.min(1, (value - poor) / poor);
  return html`<div class="vital"><a class="name" href=${vital.source} target="_blank" rel="noreferrer noopener"
    title="What it is, and where the thresholds are from">${vital.title} (${vital.name})</a>
    <div class="value"><b>${formatVital(vital, value)}</b><span class=${style(rating)}>${rating}</span></div>
    <div class="scale" aria-hidden="true" .style="--at:${(third / 3) * 100}%"><i class="g"></i><i class="w"></i><i class="p"></i></div>
    <span class="name">good to ${formatVital(vital, good)}, poor above ${formatVital(vital, poor)}</span></div>`;
}
