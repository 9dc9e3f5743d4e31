import { css } from 'lit';

/** The player's layout. */
export const playerStyles = css`
  :host { display: grid; grid-template-columns: minmax(0, 1fr) 380px; grid-template-rows: auto minmax(0, 1fr) auto; height: 100%; min-height: 420px; overflow: hidden; }
  header { grid-column: 1 / -1; display: flex; align-items: center; gap: 10px; padding: 8px 14px; background: var(--_surface); border-bottom: 1px solid var(--_line); min-width: 0; }
  header .who { font-weight: 600; white-space: nowrap; }
  header .url { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 4px 12px; background: var(--_raised); border-radius: 99px; color: var(--_muted); font-size: 13px; }
  .stage { position: relative; overflow: hidden; background: repeating-conic-gradient(color-mix(in srgb, var(--_line) 45%, transparent) 0 25%, transparent 0 50%) 0 0 / 20px 20px; min-width: 0; min-height: 0; }
  .frame { position: absolute; left: 50%; top: 50%; transform-origin: 0 0; background: #fff; box-shadow: 0 2px 16px rgb(0 0 0 / 0.18); visibility: hidden; }
  .frame.ready { visibility: visible; }
  .overlay { position: absolute; inset: 0; display: grid; place-items: center; background: color-mix(in srgb, var(--_bg) 75%, transparent); pointer-events: none; }
  .overlay > * { pointer-events: auto; background: var(--_surface); border-radius: var(--_radius); }
  .chip { position: absolute; left: 50%; top: 14px; transform: translateX(-50%); background: var(--_text); color: var(--_surface); border-radius: 99px; padding: 4px 14px; font-size: 13px; pointer-events: none; max-width: 90%; }
  footer { grid-column: 1; padding: 4px 14px 10px; background: var(--_surface); border-top: 1px solid var(--_line); }
  .controls { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
  .controls .play { width: 44px; font-size: 16px; }
  .clock { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .controls label { display: inline-flex; align-items: center; gap: 6px; }
  .controls input[type=checkbox] { min-height: 0; margin: 0; }
  .spacer { flex: 1; }
  aside { grid-row: 2 / 4; grid-column: 2; display: flex; flex-direction: column; min-height: 0; background: var(--_surface); border-left: 1px solid var(--_line); }
  [role=tablist] { display: flex; border-bottom: 1px solid var(--_line); overflow-x: auto; }
  [role=tab] { border: 0; border-radius: 0; background: none; padding: 9px 8px; font-size: 13px; color: var(--_muted); border-bottom: 2px solid transparent; white-space: nowrap; }
  [role=tab][aria-selected=true] { color: var(--_text); border-bottom-color: var(--_accent); font-weight: 600; }
  [role=tabpanel] { flex: 1; min-height: 0; overflow: auto; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 14px; margin: 0; padding: 12px 14px; }
  dt { color: var(--_muted); } dd { margin: 0; overflow-wrap: anywhere; } dd.bad { color: var(--_bad); }
  h3 { margin: 4px 14px 0; font-size: 13px; } ol { margin: 6px 0 12px; padding: 0 6px; list-style: none; }
  ol button { border: 0; background: none; text-align: left; width: 100%; }
  .load { padding: 8px; border-top: 1px solid var(--_line); text-align: center; font-size: 13px; }
  dialog { border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_surface); color: var(--_text); max-width: 440px; }
  dialog::backdrop { background: rgb(0 0 0 / 0.4); }
  kbd { background: var(--_raised); border: 1px solid var(--_line); border-radius: 4px; padding: 0 6px; font: 12px ui-monospace, monospace; }
  @media (max-width: 900px) {
    :host { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 55vh auto minmax(260px, 1fr); height: auto; overflow: visible; }
    aside { grid-row: 4; grid-column: 1; border-left: 0; border-top: 1px solid var(--_line); max-height: 60vh; }
  }
`;
