import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('a page with a strict policy', () => {
  const h = useHarness();

  test.each([
    ['everything of the own origin', "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'"],
    ['Trusted Types', "default-src 'self'; require-trusted-types-for 'script'"],
    ['Trusted Types with names', "default-src 'self'; require-trusted-types-for 'script'; trusted-types session-replay"],
    ['a default policy', "default-src 'self'; require-trusted-types-for 'script'; trusted-types default"],
    [
      'nothing but what is named',
      "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; font-src 'self'",
    ],
    [
      'strict-dynamic with a nonce',
      "script-src 'nonce-abc' 'strict-dynamic'; object-src 'none'; base-uri 'none'; require-trusted-types-for 'script'",
    ],
  ])('%s: no line in the console, and all is recorded', async (name, policy) => {
    h.server.headers = { 'Content-Security-Policy': policy };
    const first =
      name === 'a default policy'
        ? "trustedTypes.createPolicy('default', { createScriptURL: (url) => url, createHTML: (text) => text });"
        : '';
    h.server.files['/page.js'] = {
      type: 'text/javascript',
      body: Buffer.from(`${first}
      window.violations = []; document.addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
      window.act = () => {
        const p = document.querySelector('p'); p.style.color = 'red'; p.style.setProperty('top', '1px'); p.textContent = 'changed';
        const host = document.body.appendChild(document.createElement('div')); host.attachShadow({ mode: 'open' }).append('in the shadow');
        const sheet = new CSSStyleSheet(); sheet.replaceSync('p{left:1px}'); document.adoptedStyleSheets = [sheet];
        const frame = document.body.appendChild(document.createElement('iframe')); frame.contentDocument.body.append('in the frame');
        document.styleSheets[0].insertRule('p{left:2px}', 1);
        const clone = document.querySelector('p').cloneNode(true); document.body.append(clone); clone.style.cssText = 'color:blue;top:5px';
      };`) };
    h.server.files['/page.css'] = { type: 'text/css', body: Buffer.from('@import "/other.css"; p{color:green} p:hover{color:red}') };
    h.server.files['/other.css'] = { type: 'text/css', body: Buffer.from('p{margin:1px}') };
    h.server.files['/favicon.ico'] = { type: 'image/png', body: Buffer.from('') };
    h.server.pages['/'] =
      `<!doctype html><html><head><script nonce=abc src="/page.js"></script><script nonce=abc src="/session-replay/recorder.js" data-write-key="wk"></script><link rel=stylesheet href="/page.css"></head><body><p>x</p></body></html>`;
    const lines: string[] = [];
    h.page.on('console', (message) => lines.push(`${message.type()} ${message.text()}`));
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.page.evaluate(() => (window as unknown as { act: () => void }).act());
    await h.page.waitForTimeout(300);
    await h.said('end');
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.stop();
      window.SessionReplay!.current()!.start();
    });
    await h.page.waitForTimeout(500);
    expect(h.allText()).toContain('in the shadow');
    expect(h.allText()).toContain('in the frame');
    expect(await h.page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
    expect(lines.filter((line) => !/data:,|favicon/.test(line) && /policy|refused|trusted|error/i.test(line))).toEqual([]);
    expect(h.server.paths).toContain('GET /session-replay/recorder.worker.js');
    expect(h.pageErrors).toEqual([]);
  });
});
