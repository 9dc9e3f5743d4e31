import { css } from 'lit';

/** The timeline's looks. */
export const timelineStyles = css`
  :host { background: none; }
  .bar { position: relative; height: 44px; margin: 0 6px; cursor: pointer; touch-action: none; }
  .track { position: absolute; inset: 24px 0 auto; height: 10px; border-radius: 5px; overflow: hidden; background: var(--_line); }
  .track > * { position: absolute; top: 0; bottom: 0; }
  .played { left: 0; width: 100%; transform-origin: 0 0; background: color-mix(in srgb, var(--_accent) 45%, transparent); }
  .idle { background: repeating-linear-gradient(90deg, var(--_surface) 0 3px, transparent 3px 6px); opacity: 0.75; }
  .edge { width: 1px; background: var(--_surface); }
  .gap { position: absolute; top: 21px; height: 16px; min-width: 3px; border-radius: 2px; border: 1px solid var(--_warn);
    background: repeating-linear-gradient(45deg, var(--_warn) 0 2px, var(--_surface) 2px 5px); }
  .dark { position: absolute; top: 21px; height: 16px; border: 1px dashed var(--_warn); border-left: 0; border-radius: 0 2px 2px 0; }
  .mark { position: absolute; width: 8px; height: 8px; margin-left: -4px; background: var(--c); border: 1px solid var(--_surface); }
  .mark.lane0 { top: 0; } .mark.lane1 { top: 12px; }
  .mark.dot { border-radius: 50%; }
  .mark.diamond { transform: rotate(45deg) scale(0.9); }
  .mark.bar { width: 4px; margin-left: -2px; border-radius: 1px; }
  .mark.square { border-radius: 1px; }
  .mark.many { outline: 1px solid var(--c); }
  .head { position: absolute; top: 20px; width: 2px; height: 18px; margin-left: -1px; background: var(--_accent); pointer-events: none; }
  .head::before {
    content: ''; position: absolute; top: 2px; left: -6px; width: 14px; height: 14px; border-radius: 50%;
    background: var(--_accent); border: 2px solid var(--_surface);
  }
  input {
    position: absolute; inset: 0 -6px; width: calc(100% + 12px); height: 100%; margin: 0; opacity: 0; cursor: pointer; padding: 0;
    border: 0;
  }
  input:focus-visible ~ .ring { outline: 2px solid var(--_accent); outline-offset: 4px; }
  .ring { position: absolute; inset: 24px 0 auto; height: 10px; pointer-events: none; border-radius: 5px; }
  .tip {
    position: absolute; bottom: 46px; background: var(--_text); color: var(--_surface); font-size: 12px; padding: 3px 9px;
    border-radius: 5px; white-space: nowrap; pointer-events: none; max-width: min(420px, 90%);
    overflow: hidden; text-overflow: ellipsis; z-index: 2;
  }
  .mass { position: absolute; background: var(--c); opacity: 0.55; border-radius: 1px 1px 0 0; }
  .mass.lane0 { bottom: 33px; } .mass.lane1 { bottom: 22px; }
  .tabs { margin: 0 6px 4px; }
  .lane {
    position: relative; display: block; width: 100%; height: 24px; min-height: 0; padding: 0; border: 0; border-radius: 4px;
    background: none;
  }
  .lane i {
    position: absolute; top: 7px; height: 10px; min-width: 4px; border-radius: 3px; border: 1px solid var(--_muted);
    background: var(--_raised);
  }
  .lane[aria-pressed=true] i { background: var(--_accent); border-color: var(--_accent); }
  .lane:hover i { border-color: var(--_accent); }
  .tabs > span { font-size: 12px; }
`;
