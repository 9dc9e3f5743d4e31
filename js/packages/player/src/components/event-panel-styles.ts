import { css } from 'lit';

/** The looks of the lists. */
export const eventPanelStyles = css`
  :host { display: flex; flex-direction: column; min-height: 0; height: 100%; background: var(--_surface); }
  .tools { display: flex; flex-wrap: wrap; gap: 6px; padding: 8px; border-bottom: 1px solid var(--_line); }
  .tools input { flex: 1 1 100%; min-width: 0; }
  .tools select { min-height: 24px; padding: 0 4px; font-size: 12px; }
  .count { margin-left: auto; align-self: center; font-size: 12px; color: var(--_muted); white-space: nowrap; }
  .rows { flex: 1; overflow-y: auto; min-height: 60px; position: relative; contain: strict; }
  .space { position: relative; }
  .row {
    position: absolute; left: 0; right: 0; display: flex; align-items: center; gap: 8px; padding: 0 10px 0 7px;
    border-left: 3px solid transparent; cursor: pointer; font-size: 13px; overflow: hidden;
  }
  .row:hover { background: var(--_raised); }
  .row:focus-visible { outline-offset: -2px; }
  .row.past { border-left-color: var(--_line); }
  .row.now { border-left-color: var(--_accent); background: var(--_raised); }
  .row[aria-selected=true] { background: color-mix(in srgb, var(--_accent) 12%, var(--_surface)); }
  .row.bad .title { color: var(--_bad); }
  .at { flex: none; min-width: 34px; color: var(--_muted); font-variant-numeric: tabular-nums; }
  .sign { flex: none; width: 8px; display: grid; place-items: center; }
  .title { flex: none; font-weight: 600; white-space: nowrap; max-width: 55%; overflow: hidden; text-overflow: ellipsis; }
  .detail, .message { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--_muted); }
  .message { color: var(--_text); font: 12px ui-monospace, monospace; }
  .badge { flex: none; }
  .request { flex: 1; min-width: 0; }
  .line { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .line b { font-weight: 600; }
  .sub { font-size: 12px; color: var(--_muted); font-variant-numeric: tabular-nums; }
  .fall, .axis > div { position: relative; flex: none; width: 38%; }
  .fall {
    height: 26px; border-left: 1px solid var(--_line);
    background: linear-gradient(90deg, var(--_line) 1px, transparent 1px) 0 0 / 25% 100%;
  }
  .fall i { position: absolute; top: 8px; height: 10px; }
  .fall .waiting { min-width: 2px; background: var(--_accent); border-radius: 2px 0 0 2px; }
  .fall .waiting.bad { background: var(--_bad); }
  .fall .receiving { background: color-mix(in srgb, var(--_accent) 45%, var(--_surface)); border-radius: 0 2px 2px 0; }
  .fall .now { top: 0; height: 26px; width: 1px; background: var(--_accent); }
  .axis {
    display: flex; gap: 8px; padding: 3px 10px; font-size: 11px; color: var(--_muted); border-bottom: 1px solid var(--_line);
    font-variant-numeric: tabular-nums;
  }
  .axis > span { flex: 1; } .axis > div { height: 16px; } .axis > div span { position: absolute; white-space: nowrap; }
  .follow {
    position: absolute; right: 14px; bottom: 10px; font-size: 12px; min-height: 26px; padding: 2px 12px; border-radius: 99px;
    box-shadow: 0 1px 6px rgb(0 0 0 / 0.2);
  }
  .list { position: relative; flex: 1; min-height: 0; display: flex; flex-direction: column; }
`;
