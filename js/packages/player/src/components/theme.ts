import { css } from 'lit';

/** Colours, type and controls shared by all components. Override the `--sr-*` properties to fit an application's own look. */
export const theme = css`
  :host {
    --_bg: var(--sr-background, #f6f7f9);
    --_surface: var(--sr-surface, #ffffff);
    --_raised: var(--sr-raised, #f0f2f5);
    --_line: var(--sr-line, #dfe3e8);
    --_text: var(--sr-text, #1b2430);
    --_muted: var(--sr-muted, #566372);
    --_accent: var(--sr-accent, #2563e0);
    --_on-accent: var(--sr-on-accent, #ffffff);
    --_bad: var(--sr-bad, #bd2f26);
    --_warn: var(--sr-warn, #8f5600);
    --_good: var(--sr-good, #18704a);
    --_radius: 8px;
    display: block;
    box-sizing: border-box;
    color: var(--_text);
    background: var(--_bg);
    font: 14px/1.45 var(--sr-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    color-scheme: light dark;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --_bg: var(--sr-background, #12161c);
      --_surface: var(--sr-surface, #1a2028);
      --_raised: var(--sr-raised, #232b35);
      --_line: var(--sr-line, #313b48);
      --_text: var(--sr-text, #e6ebf1);
      --_muted: var(--sr-muted, #9fadbc);
      --_accent: var(--sr-accent, #7aa8ff);
      --_on-accent: var(--sr-on-accent, #0d1524);
      --_bad: var(--sr-bad, #ff8a80);
      --_warn: var(--sr-warn, #e6a94a);
      --_good: var(--sr-good, #5fcb95);
    }
  }
  *, *::before, *::after { box-sizing: border-box; }
  button, select, input {
    font: inherit;
    color: inherit;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: 6px;
    padding: 5px 10px;
    min-height: 32px;
  }
  button { cursor: pointer; }
  button:hover:not(:disabled) { background: var(--_raised); }
  button:disabled { opacity: 0.5; cursor: default; }
  button.primary { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); font-weight: 600; }
  button.primary:hover:not(:disabled) { background: color-mix(in srgb, var(--_accent) 88%, var(--_text)); }
  button.danger { color: var(--_bad); }
  button.icon { display: inline-grid; place-items: center; width: 34px; padding: 0; flex: none; }
  button.icon svg, button svg { width: 16px; height: 16px; fill: currentColor; display: block; }
  button.toggle {
    min-height: 24px; padding: 1px 9px; border-radius: 99px; font-size: 12px; white-space: nowrap; color: var(--_muted);
    background: none;
  }
  button.toggle[aria-pressed=true] { color: var(--_text); background: var(--_raised); border-color: var(--_muted); }
  a { color: var(--_accent); }
  :focus-visible { outline: 2px solid var(--_accent); outline-offset: 1px; }
  .muted { color: var(--_muted); }
  .notice { padding: 28px; text-align: center; color: var(--_muted); }
  .notice p { margin: 0 0 12px; }
  .notice strong { display: block; color: var(--_text); font-size: 16px; margin-bottom: 4px; }
  .badge {
    display: inline-block; padding: 0 7px; border-radius: 99px; font-size: 12px; line-height: 18px; background: var(--_raised);
    color: var(--_muted); white-space: nowrap;
  }
  .badge.bad { background: color-mix(in srgb, var(--_bad) 12%, var(--_surface)); color: var(--_bad); }
  .badge.warn { background: color-mix(in srgb, var(--_warn) 12%, var(--_surface)); color: var(--_warn); }
  .badge.live { background: color-mix(in srgb, var(--_good) 12%, var(--_surface)); color: var(--_good); }
  .badge.live::before {
    content: ''; display: inline-block; width: 7px; height: 7px; border-radius: 50%; background: currentColor; margin-right: 5px;
    vertical-align: 1px;
  }
  .form { display: inline-block; flex: none; width: 8px; height: 8px; border-radius: 1px; }
  .form.dot { border-radius: 50%; } .form.diamond { transform: rotate(45deg) scale(0.9); } .form.bar { width: 4px; }
  .sr-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  dialog {
    border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_surface); color: var(--_text);
    max-width: min(480px, 92vw); padding: 18px 20px;
  }
  dialog h2 { margin: 0 0 8px; font-size: 16px; }
  dialog dl { padding: 0 0 14px; align-items: baseline; }
  dialog form { display: flex; gap: 8px; justify-content: flex-end; }
  dialog::backdrop { background: rgb(0 0 0 / 0.4); }
  @media (prefers-reduced-motion: reduce) { *, *::before, *::after { transition: none !important; animation: none !important; } }
`;
