import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../../recorder/test/support/browser.ts';
import { html } from '../../recorder/test/support/harness.ts';
import { styles, useRoundTrip } from './support/round-trip.ts';

const red = 'color: rgb(255, 0, 0)';
const blue = 'color: rgb(0, 0, 255)';
/** A page's markup, what it does, and what shows it. Each is checked after a seek and in play. */
const changes: [name: string, markup: string, script: string][] = [
  ['the address of a link', '<link id=l rel=stylesheet href=/light.css>', "l.href = '/dark.css'"],
  ['a link that is switched off', '<link id=l rel=stylesheet href=/light.css>', 'l.disabled = true'],
  ['a link that is switched on', '<link id=l rel=stylesheet href=/dark.css disabled>', 'l.disabled = false'],
  ['sheet.disabled of a style', `<style id=s>p { ${red} }</style>`, 's.sheet.disabled = true'],
  [
    'sheet.disabled off and on',
    `<style id=s>p { ${red} }</style>`,
    's.sheet.disabled = true; setTimeout(() => (s.sheet.disabled = false), 50)',
  ],
  ['a style that is disabled', `<style id=s>p { ${red} }</style>`, 's.disabled = true'],
  [
    'alternate sheets',
    '<link rel=stylesheet href=/light.css title=light><link rel="alternate stylesheet" href=/dark.css title=dark>',
    "for (const s of document.styleSheets) s.disabled = s.title !== 'dark'",
  ],
  [
    'alternate sheets as they are',
    '<link rel=stylesheet href=/light.css title=light><link rel="alternate stylesheet" href=/dark.css title=dark>',
    '',
  ],
  ['the media of a link', '<link id=l rel=stylesheet href=/dark.css media=print>', "l.media = 'all'"],
  [
    'a rule in @media',
    `<style id=s>@media screen { p { ${red} } }</style>`,
    "s.sheet.cssRules[0].cssRules[0].style.color = 'rgb(0, 0, 255)'",
  ],
  [
    'a rule in @layer in @supports',
    `<style id=s>@supports (display: grid) { @layer a { b {} p { ${red} } } }</style>`,
    "s.sheet.cssRules[0].cssRules[0].cssRules[1].style.color = 'rgb(0, 0, 255)'",
  ],
  ['a nested rule', `<style id=s>body { & p { ${red} } }</style>`, "s.sheet.cssRules[0].cssRules[0].style.color = 'rgb(0, 0, 255)'"],
  ['a selector', `<style id=s>p { ${red} }</style>`, "s.sheet.cssRules[0].selectorText = 'u'"],
  ['cssText of a rule', `<style id=s>p { ${red} }</style>`, `s.sheet.cssRules[0].style.cssText = '${blue}'`],
  [
    'a declaration that is held',
    `<style id=s>p { ${red} }</style>`,
    "const { style } = s.sheet.cssRules[0]; setTimeout(() => (style.color = 'rgb(0, 0, 255)'), 400)",
  ],
  ['the media of a rule', `<style id=s>@media print { p { ${red} } }</style>`, "s.sheet.cssRules[0].media.mediaText = 'screen'"],
  [
    'rules behind an import',
    '<style id=s>@import "/light.css"; b {} p { color: rgb(0, 255, 0) }</style>',
    "s.sheet.cssRules[2].style.color = 'rgb(0, 0, 255)'; s.sheet.insertRule('p { font-weight: 700 }', 3)",
  ],
  [
    'the sheet of a link',
    '<link id=l rel=stylesheet href=/light.css>',
    "l.sheet.insertRule('p { font-size: 44px }', 0); l.sheet.cssRules[2].style.color = 'rgb(255, 0, 0)'",
  ],
  ['the text of a style', `<style id=s>p { ${red} }</style>`, `s.textContent = 'p { ${blue} }'`],
  ['the text node of a style', `<style id=s>p { ${red} }</style>`, `s.firstChild.data = 'p { ${blue} }'`],
  ['text added to a style', `<style id=s>p { ${red} }</style>`, `s.append('p { ${blue} }')`],
  [
    'a constructed sheet',
    '',
    `const c = new CSSStyleSheet(); c.replaceSync('p { ${red} }'); document.adoptedStyleSheets = [c]; setTimeout(() => { c.insertRule('p { ${blue} }', 1); c.cssRules[1].style.fontWeight = 700; }, 100)`,
  ],
];

describe.runIf(hasBrowser())('styles that change', () => {
  const trip = useRoundTrip();
  let other: Server;
  let allowsAll = false;
  beforeAll(async () => {
    other = createServer((_, response) => {
      response.writeHead(200, {
        'Content-Type': 'text/css',
        'Cache-Control': 'max-age=600',
        ...(allowsAll ? { 'Access-Control-Allow-Origin': '*' } : {}),
      });
      response.end('body { background: rgb(0, 0, 0) } p { font-size: 60px }');
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
  });
  afterAll(() => other.close());
  const look = (...selectors: string[]) =>
    `({ ...${['color', 'fontSize', 'fontWeight', 'paddingTop', 'backgroundColor'].map((name) => `${JSON.stringify(name)}: ${styles(name, ...selectors)}`).join(', ')} })`.replace(
      '({ ...',
      '({ ',
    );
  const serve = (markup: string, script = '') => {
    trip.h.server.pages['/light.css'] = `p { color: rgb(1, 2, 3); font-size: 20px } i {}`;
    trip.h.server.pages['/dark.css'] = `p { color: rgb(250, 250, 250); font-size: 60px } body { background: rgb(0, 0, 0) }`;
    trip.h.server.pages['/'] = html(
      `${markup}<p>p</p><u>u</u><script>addEventListener('load', () => setTimeout(() => { ${script} }, 600))</script>`,
    );
  };

  test('are shown as they were, each in a page of its own', async () => {
    for (const [name, markup, script] of changes) {
      serve(markup, script);
      const page = await trip.open();
      await page.waitForTimeout(1500);
      const query = look('p', 'u', 'body');
      const live = await page.evaluate(query);
      expect([name, 'seek', await (await trip.replay('seek')).read(query)]).toEqual([name, 'seek', live]);
    }
  });

  test('what a style imports is shown also when it arrives after the snapshot', async () => {
    // It is held until the snapshot has arrived.
    trip.h.server.streams['/late.css'] = async (response) => {
      await trip.h.server.until(() => trip.h.server.batches.length > 0, 'the snapshot');
      response.writeHead(200, { 'Content-Type': 'text/css' });
      response.end('p { color: rgb(1, 2, 3); font-size: 20px } i {}');
    };
    serve(`<style id=s>@import "/late.css"; b {} p { font-weight: 700 }</style>`);
    const page = await trip.open();
    await page.evaluate(() =>
      ((document.getElementById('s') as HTMLStyleElement).sheet!.cssRules[2] as CSSStyleRule).style.setProperty('font-weight', '300'),
    );
    const query = look('p', 'u');
    const live = await page.evaluate(query);
    expect(await (await trip.replay('seek')).read(query)).toEqual(live);
  });

  test('are shown in play', async () => {
    serve(`<style id=s>@media screen { p { ${red} } }</style><link id=l rel=stylesheet href=/light.css>`,
      `s.sheet.cssRules[0].cssRules[0].style.color = 'rgb(0, 0, 255)'; l.href = '/dark.css'; const c = new CSSStyleSheet(); c.replaceSync('u { ${red} }');
       document.adoptedStyleSheets = [c]; c.replaceSync('u { ${blue} }');`);
    const page = await trip.open();
    await page.waitForTimeout(1500);
    const query = look('p', 'u', 'body');
    expect(await (await trip.replay('play')).read(query)).toEqual(await page.evaluate(query));
  });

  test('constructed sheets that a shadow root has before its first node', async () => {
    serve(
      '<x-card></x-card>',
      `const css = new CSSStyleSheet(); css.replaceSync('p { padding: 20px; ${red} }');
      customElements.define('x-card', class extends HTMLElement { connectedCallback() { const r = this.attachShadow({ mode: 'open' }); r.adoptedStyleSheets = [css]; setTimeout(() => { r.innerHTML = '<p>card</p>'; }, 200); } })`,
    );
    const page = await trip.open();
    await page.waitForTimeout(1500);
    const query = `((p) => [getComputedStyle(p).paddingTop, getComputedStyle(p).color])(document.querySelector('x-card').shadowRoot.querySelector('p'))`;
    expect(await page.evaluate(query)).toEqual(['20px', 'rgb(255, 0, 0)']);
    for (const way of ['seek', 'play'] as const) {
      expect([way, await (await trip.replay(way)).read(query)]).toEqual([way, ['20px', 'rgb(255, 0, 0)']]);
    }
  });

  test('what the visitor prefers holds in the replay, and not what the viewer does', async () => {
    serve(`<style>p { ${red} } @media (prefers-color-scheme: dark) { p { ${blue} } } @media screen and (prefers-reduced-motion: reduce) { u { font-weight: 700 } } body { color-scheme: light dark; color: light-dark(rgb(1, 1, 1), rgb(2, 2, 2)) }</style>
      <style media="(prefers-color-scheme: dark)">u { font-size: 33px }</style>`);
    await trip.h.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    const page = await trip.open();
    const query = look('p', 'u');
    const dark = await page.evaluate(query);
    expect(await (await trip.replay('seek', { colorScheme: 'light' })).read(query)).toEqual(dark);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
    await page.waitForTimeout(500);
    const light = await page.evaluate(query);
    expect(light).not.toEqual(dark);
    expect(await (await trip.replay('seek', { colorScheme: 'dark' })).read(query)).toEqual(light);
  });

  test('of another origin: fetched where their site allows it, else named', async () => {
    const query = look('p', 'body');
    for (const allowed of [true, false]) {
      allowsAll = allowed;
      serve(`<link rel=stylesheet href="http://127.0.0.1:${(other.address() as AddressInfo).port}/cdn.css?${allowed}">`);
      const page = await trip.open();
      const live = await page.evaluate(query);
      const replayed = await trip.replay();
      expect([allowed, JSON.stringify(await replayed.read(query)) === JSON.stringify(live)]).toEqual([allowed, allowed]);
      expect(await replayed.page.evaluate('missingStyles()')).toEqual(
        allowed ? [] : [`127.0.0.1:${(other.address() as AddressInfo).port}`],
      );
    }
  });

  test('masked fields look masked', async () => {
    serve(
      '<select id=s><option>Norway<option selected>Sweden</select><input id=r type=range value=90><input id=d type=date value=2026-01-02><input id=n type=number value=7><div data-sr-mask><input id=c type=checkbox checked></div>',
    );
    const page = await trip.open();
    await page.selectOption('#s', 'Norway');
    const replayed = await trip.replay();
    expect(await replayed.read(`document.querySelector('#s').selectedOptions[0].textContent`)).toBe('••••');
    expect(
      await replayed.read(
        `['r', 'd', 'n', 'c'].map((id) => getComputedStyle(document.getElementById(id)).maskImage.startsWith('repeating'))`,
      ),
    ).toEqual([true, true, true, true]);
  });
});
