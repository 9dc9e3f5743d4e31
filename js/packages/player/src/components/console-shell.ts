/** The console's own pages carry this; in a page of an application the player styles nothing but itself. */
const MARK = 'session-replay-console';

const STYLES = `
  html, body {
    margin: 0; height: 100%; background: #f6f7f9; color: #1b2430; font: 14px/1.45 system-ui, sans-serif; color-scheme: light dark;
  }
  body.player { display: flex; flex-direction: column; overflow: hidden; }
  body.player session-replay-player { flex: 1; min-height: 0; }
  main { display: contents; }
  .hidden { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .top { margin: 0; font-size: inherit; padding: 12px 20px; font-weight: 600; background: #fff; border-bottom: 1px solid #dfe3e8; }
  @media (prefers-color-scheme: dark) {
    html, body { background: #12161c; color: #e6ebf1; }
    .top { background: #1a2028; border-color: #313b48; }
  }
  @media (max-width: 900px) { body.player { overflow: auto; } }
`;

/** Styles the console's page. A style element would need the consent of the application's policy; a constructed sheet needs nobody's. */
if (document.documentElement.classList.contains(MARK)) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  document.adoptedStyleSheets.push(sheet);
}
