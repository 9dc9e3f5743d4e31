import { css } from 'lit';

/** Colours, type and controls shared by all components. Override the `--sr-*` properties to fit an application's own look. */
export const theme = css`
  :host {
    --_bg: var(--sr-background, #f6f7f9);
    --_surface: var(--sr-surface, #ffffff);
    --_raised: var(--sr-raised, #f0f2f5);
    --_line: var(--sr-line, #dfe3e8);
    --_text: var(--sr-text, #1b2430);
    --_muted: var(--sr-muted, #5d6b7a);
    --_accent: var(--sr-accent, #2f6fed);
    --_on-accent: var(--sr-on-accent, #ffffff);
    --_bad: var(--sr-bad, #c8372d);
    --_warn: var(--sr-warn, #a86400);
    --_good: var(--sr-good, #1d7d4f);
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
      --_muted: var(--sr-muted, #94a3b3);
      --_accent: var(--sr-accent, #6ea0ff);
      --_on-accent: var(--sr-on-accent, #0d1524);
      --_bad: var(--sr-bad, #ff7b70);
      --_warn: var(--sr-warn, #e6a94a);
      --_good: var(--sr-good, #58c58f);
    }
  }
  *, *::before, *::after { box-sizing: inherit; }
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
  button.primary:hover { filter: brightness(1.07); background: var(--_accent); }
  button.danger { color: var(--_bad); }
  a { color: var(--_accent); }
  :focus-visible { outline: 2px solid var(--_accent); outline-offset: 1px; }
  .muted { color: var(--_muted); }
  .notice { padding: 28px; text-align: center; color: var(--_muted); }
  .notice strong { display: block; color: var(--_text); font-size: 16px; margin-bottom: 4px; }
  .badge { display: inline-block; padding: 0 7px; border-radius: 99px; font-size: 12px; line-height: 18px; background: var(--_raised); color: var(--_muted); white-space: nowrap; }
  .badge.bad { background: color-mix(in srgb, var(--_bad) 15%, transparent); color: var(--_bad); }
  .badge.live { background: color-mix(in srgb, var(--_good) 18%, transparent); color: var(--_good); }
  .sr-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
`;
