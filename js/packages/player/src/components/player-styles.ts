import { css } from 'lit';

/** The player's layout. */
export const playerStyles = css`
  :host {
    display: grid; grid-template-columns: minmax(0, 1fr) clamp(360px, 32vw, 520px);
    grid-template-rows: auto auto minmax(0, 1fr) auto; height: 100%; min-height: 420px; overflow: hidden;
  }
  header {
    grid-column: 1 / -1; display: flex; align-items: center; gap: 10px; padding: 8px 14px; background: var(--_surface);
    border-bottom: 1px solid var(--_line); min-width: 0;
  }
  header a { display: inline-flex; align-items: center; gap: 2px; text-decoration: none; white-space: nowrap; }
  header a svg { width: 16px; height: 16px; fill: currentColor; }
  header .who { font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 30%; }
  header .url {
    flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: 4px 12px;
    background: var(--_raised); border-radius: 99px; color: var(--_muted); font-size: 13px;
  }
  header button { white-space: nowrap; }
  .windows { grid-row: 2; grid-column: 1; display: flex; gap: 2px; padding: 4px 14px 0; background: var(--_raised); overflow-x: auto; }
  .windows button {
    border-radius: 6px 6px 0 0; border-bottom: 0; min-height: 28px; font-size: 12px; max-width: 240px; overflow: hidden;
    text-overflow: ellipsis; white-space: nowrap; background: none; color: var(--_muted);
  }
  .windows button[aria-pressed=true] { background: var(--_surface); color: var(--_text); font-weight: 600; }
  .stage { grid-row: 3; grid-column: 1; position: relative; overflow: hidden; background: var(--_raised); min-width: 0; min-height: 0; }
  header + .stage:not(:has(~ aside)) { grid-column: 1 / -1; }
  .frame {
    position: absolute; left: 50%; top: 50%; transform-origin: 0 0; background: #fff; box-shadow: 0 2px 16px rgb(0 0 0 / 0.18);
    visibility: hidden;
  }
  .frame.ready { visibility: visible; }
  .frame.past { animation: leave 0s 0.4s both; } @keyframes leave { to { visibility: hidden; } }
  .frame iframe { border: 0; display: block; width: 100%; height: 100%; pointer-events: none; }
  .overlay {
    position: absolute; inset: 0; display: grid; place-items: center; background: color-mix(in srgb, var(--_bg) 75%, transparent);
    pointer-events: none;
  }
  .overlay > * { pointer-events: auto; background: var(--_surface); border-radius: var(--_radius); }
  .chips { position: absolute; inset: 12px 12px auto; display: grid; gap: 6px; justify-items: center; pointer-events: none; }
  .chip {
    background: var(--_text); color: var(--_surface); border-radius: 14px; padding: 4px 14px; font-size: 13px; max-width: 90%;
    text-align: center; box-shadow: 0 1px 6px rgb(0 0 0 / 0.25);
  }
  .chip button {
    pointer-events: auto; color: var(--_text); background: var(--_surface); min-height: 26px; margin-left: 6px; padding: 2px 10px;
  }
  .slow { animation: appear 0.2s 0.4s both; } @keyframes appear { from { opacity: 0; } }
  footer {
    grid-row: 4; grid-column: 1; padding: 8px 14px 10px; background: var(--_surface); border-top: 1px solid var(--_line);
    min-width: 0;
  }
  .kinds { display: flex; gap: 6px; overflow-x: auto; padding: 1px 1px 8px; align-items: center; scrollbar-width: thin; }
  .kinds .form { margin-right: 6px; }
  .controls { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; margin-top: 4px; }
  .controls .play { width: 44px; }
  .clock { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .controls label { display: inline-flex; align-items: center; gap: 6px; white-space: nowrap; }
  .controls input[type=checkbox] { min-height: 0; margin: 0; accent-color: var(--_accent); }
  .spacer { flex: 1; }
  aside {
    grid-row: 2 / 5; grid-column: 2; display: flex; flex-direction: column; min-height: 0; background: var(--_surface);
    border-left: 1px solid var(--_line);
  }
  [role=tablist] { display: flex; flex: none; border-bottom: 1px solid var(--_line); overflow-x: auto; padding: 0 6px; }
  [role=tab] {
    flex: 1 0 auto; border: 0; border-radius: 0; background: none; padding: 9px 5px; font-size: 13px; color: var(--_muted);
    border-bottom: 2px solid transparent; white-space: nowrap;
  }
  [role=tab]:focus-visible { outline-offset: -2px; }
  [role=tab][aria-selected=true] { color: var(--_text); border-bottom-color: var(--_accent); font-weight: 600; }
  [role=tabpanel] { flex: 1; min-height: 0; overflow: auto; }
  dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 14px; margin: 0; padding: 12px 14px; }
  dt { color: var(--_muted); } dd { margin: 0; overflow-wrap: anywhere; }
  h3 { margin: 10px 14px 0; font-size: 13px; } ol { margin: 6px 0 12px; padding: 0 8px; list-style: none; }
  ol button {
    border: 0; background: none; display: flex; gap: 10px; text-align: left; width: 100%; padding: 5px 6px;
    font-variant-numeric: tabular-nums;
  }
  ol button span:last-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  ol button[aria-current=true] { background: var(--_raised); font-weight: 600; }
  .load {
    flex: none; display: flex; gap: 10px; align-items: center; justify-content: space-between; padding: 8px 12px;
    border-top: 1px solid var(--_line); font-size: 12px;
  }
  .load progress { flex: 1; min-width: 0; accent-color: var(--_accent); }
  .load button { min-height: 28px; padding: 2px 10px; white-space: nowrap; }
  kbd {
    background: var(--_raised); border: 1px solid var(--_line); border-radius: 4px; padding: 0 6px;
    font: 12px ui-monospace, monospace; color: var(--_text);
  }
  @media (max-width: 900px) {
    :host {
      grid-template-columns: minmax(0, 1fr); grid-template-rows: auto auto auto auto minmax(320px, 1fr); height: auto;
      overflow: visible;
    }
    .stage { height: min(60vh, calc((100vw - 24px) * var(--_shape, 0.7) + 24px)); }
    header { flex-wrap: wrap; }
    header a { flex: 1; }
    header .who { order: 1; max-width: none; flex: 0 1 auto; }
    header .badge { order: 1; }
    header .url { order: 2; flex-basis: 100%; }
    header::before { content: ''; order: 1; flex-basis: 100%; height: 0; margin: -10px 0; }
    .controls { gap: 6px; }
    .controls .spacer { display: none; }
    .controls label { order: 1; }
    .controls select { width: 66px; padding: 5px 4px; }
    .clock { flex: 1; }
    aside { grid-row: 5; grid-column: 1; border-left: 0; border-top: 1px solid var(--_line); height: 70vh; }
  }
`;
