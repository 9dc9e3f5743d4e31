import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>');
const woff2 = Buffer.concat([Buffer.from('wOF2'), Buffer.alloc(200, 7)]);
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe.runIf(hasBrowser())('images and fonts of the page\'s own origin', () => {
  const h = useHarness();
  const prepare = (attributes: string) => {
    h.server.files = {
      '/a.png': { type: 'image/png', body: png },
      '/b.gif': { type: 'image/gif', body: gif },
      '/c.svg': { type: 'image/svg+xml', body: svg },
      '/f.woff2': { type: 'font/woff2', body: woff2 },
      '/big.png': { type: 'image/png', body: Buffer.concat([png, Buffer.alloc(512 * 1024)]) },
      '/private.png': { type: 'image/png', body: Buffer.concat([png, Buffer.from('private')]) },
      '/lazy.png': { type: 'image/png', body: png },
      '/never.png': { type: 'image/png', body: png },
      '/shown.png': { type: 'image/png', body: Buffer.concat([png, Buffer.from('shown')]) },
      '/other.png': { type: 'image/png', body: Buffer.concat([png, Buffer.from('other')]) },
      '/not-an-image': { type: 'image/png', body: Buffer.from('<html>secret-page</html>') },
    };
    h.server.pages['/s.css'] = "@font-face { font-family: F; src: url(/f.woff2) } body { background: url('/b.gif') } p { font-family: F }";
    h.server.pages['/'] = html(
      `<link rel=stylesheet href=/s.css><img src=/a.png><img src=/big.png><img src=/not-an-image><img src="http://127.0.0.1:1/x.png">
      <p style="background-image: url(/c.svg)">x</p><div id=more></div><a href="/linked">l</a>
      <div data-sr-mask><img src=/private.png><input type=image src=/private.png><b style="background:url(/private.png)">b</b></div><div data-sr-block><img src=/private.png></div>
      <div style="height:9000px"></div><img loading=lazy src=/lazy.png><style>.never { background: url(/never.png) }</style><img srcset="/shown.png 2x, /other.png 1x" src=/other.png>`,
      attributes,
    );
  };

  test('are kept: uploaded once, named by their hash; what is large, foreign, private or no image is left', async () => {
    prepare('');
    await h.open();
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'the snapshot');
    await h.page.evaluate(() => (document.getElementById('more')!.innerHTML = '<img src="/a.png?added">'));
    await h.flush();
    await h.server.until(() => h.allText().split(`sr-asset:${sha(png)}`).length === 3, 'the added image by its hash');
    // An image may be loaded, and named, after the snapshot was sent.
    await h.server.until(
      () => h.allText().includes(`sr-asset:${sha(h.server.files['/other.png']!.body)}`),
      'the image that was chosen of several',
    );
    // The font may have loaded after what was flushed before.
    await h.page.evaluate(() => document.fonts.ready);
    await expect.poll(async () => (await h.flush(), h.allText())).toContain(`sr-asset:${sha(woff2)}`);
    const text = h.allText();
    for (const [bytes, type] of [[png, 'image/png'], [gif, 'image/gif'], [svg, 'image/svg+xml'], [woff2, 'font/woff2']] as const) {
      expect(h.server.assetTypes.get(sha(bytes))).toBe(type);
      expect(text).toContain(`sr-asset:${sha(bytes)}`);
    }
    // Nothing of private elements, and from the cache alone.
    expect(h.server.assets.size).toBe(5);
    expect(text).not.toContain(sha(h.server.files['/private.png']!.body));
    for (const path of Object.keys(h.server.files)) {
      expect(h.server.paths.filter((asked) => asked === `GET ${path}`).length, path).toBe(
        { '/a.png': 2, '/shown.png': 0, '/never.png': 0, '/lazy.png': 0 }[path] ?? 1,
      );
    }
    expect(text).toContain(`${h.server.origin}/big.png`);
    expect(text).toContain(`${h.server.origin}/not-an-image`);
    expect(text).toContain('http://127.0.0.1:1/x.png');
    expect(h.server.paths).not.toContain('GET /linked');

    const uploads = () => h.server.paths.filter((path) => /assets\/[0-9a-f]{64}$/.test(path)).length;
    expect(uploads()).toBe(5);
    expect([...h.server.assetSecrets]).toEqual([h.server.batches[0]!.secret]);
    await h.open();
    await h.server.until(() => h.allText().split(`sr-asset:${sha(png)}`).length > 3, 'the second page');
    expect(uploads()).toBe(5);
    // The recorder's own reading of them is not a request of the page.
    expect(h.server.events.filter((e) => e.network)).toEqual([]);
  });

  test('of changed styles are named by their hash, whatever way the style was changed and whatever its address is relative to', async () => {
    prepare('');
    h.server.pages['/'] = html('<style id=t></style><style id=s>b {}</style><div id=b></div>', '');
    await h.open();
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'the snapshot');
    await h.page.evaluate(() => {
      const byId = (id: string) => document.getElementById(id)!;
      const sheet = (byId('s') as HTMLStyleElement).sheet!;
      byId('b').style.color = 'rgb(1, 2, 3)';
      byId('b').style.backgroundImage = 'url(a.png?style)';
      byId('t').append('#c { background: url("./a.png?text") }');
      sheet.insertRule('p { background: url(a.png?rule) }', 0);
      (sheet.cssRules[1] as CSSStyleRule).style.setProperty('background-image', 'url(a.png?declaration)');
      const constructed = new CSSStyleSheet();
      constructed.replaceSync('i { background: url(a.png?adopted) }');
      document.adoptedStyleSheets = [constructed];
      constructed.insertRule('u { background: url(a.png?later) }');
      document.body.insertAdjacentHTML('beforeend', '<div id=c>c</div><p>p</p><b>b</b><i>i</i><u>u</u>');
    });
    const ways = ['style', 'text', 'rule', 'declaration', 'adopted', 'later'];
    while (h.allText().split(`sr-asset:${sha(png)}`).length <= ways.length) {
      await h.flush();
    }
    // Those that were sent before their image had loaded.
    const addresses = JSON.stringify(h.server.batches.map((b) => b.dom)).match(/[^"( ]*a\.png[^")\\ ]*/g) ?? [];
    expect(addresses.filter((address) => !ways.some((way) => address === `${h.server.origin}/a.png?${way}`))).toEqual([]);
  });

  test('of constructed stylesheets are relative to the document that uses them', async () => {
    prepare('');
    h.server.pages['/deep/frame'] = '<!doctype html><body><p>p</p><x-a></x-a></body>';
    h.server.pages['/'] = html('<iframe src=/deep/frame></iframe>', 'data-capture-assets=false');
    await h.open();
    await h.server.until(() => h.allText().includes('x-a'), 'the frame');
    await h.page.evaluate(() => {
      const adopt = (win: Window & typeof globalThis, root: Document | ShadowRoot, name: string): void => {
        const sheet = new win.CSSStyleSheet();
        sheet.replaceSync(`p { background: url(a.png?${name}-adopted) }`);
        root.adoptedStyleSheets = [sheet];
        sheet.insertRule(`i { background: url(a.png?${name}-inserted) }`, 0);
        (sheet.cssRules[0] as CSSStyleRule).style.setProperty('mask-image', `url(a.png?${name}-declared)`);
        (sheet.cssRules[1] as CSSStyleRule).style.backgroundImage = `url(a.png?${name}-assigned)`;
        setTimeout(() => sheet.replaceSync(`b { background: url(a.png?${name}-replaced) }`), 300);
      };
      const win = document.querySelector('iframe')!.contentWindow as Window & typeof globalThis;
      adopt(window, document, 'page');
      adopt(win, win.document, 'frame');
      adopt(win, win.document.querySelector('x-a')!.attachShadow({ mode: 'open' }), 'root');
    });
    const addresses = () => new Set(h.allText().match(/http[^"( ]*a\.png\?[a-z-]*/g));
    while (!['page', 'frame', 'root'].every((name) => h.allText().includes(`${name}-replaced`))) {
      await h.flush();
    }
    const ways = ['adopted', 'inserted', 'declared', 'assigned', 'replaced'];
    expect([...addresses()].sort()).toEqual([
      ...ways.map((way) => `${h.server.origin}/a.png?page-${way}`),
      ...['frame', 'root'].flatMap((name) => ways.map((way) => `${h.server.origin}/deep/a.png?${name}-${way}`)),
    ].sort());
    expect(h.allText()).not.toMatch(/url\((\\\\?")?a\.png/);
  });

  test('that load after their CSS was sent are named by an event, but for those of private elements alone', async () => {
    prepare('');
    h.server.pages['/s.css'] = `@font-face { font-family: F; src: url(/f.woff2) } .late { background: url('/b.gif'); font-family: F }`;
    h.server.pages['/'] = html('<link rel=stylesheet href=/s.css><p id=p>text</p><div data-sr-mask><b id=b>b</b></div>', '');
    await h.open();
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'the snapshot');
    await h.page.evaluate(() => {
      document.getElementById('p')!.className = 'late';
      document.getElementById('b')!.style.background = 'url(/private.png)';
    });
    const files = () => h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 5 && e.data['tag'] === 'loaded-files')
      .flatMap((e) => (e.data['payload'] as { files: { url: string; src: string }[] }).files);
    while (files().length < 2) {
      await h.flush();
    }
    expect(new Map(files().map(({ url, src }) => [url, src]))).toEqual(new Map([
      [`${h.server.origin}/b.gif`, `sr-asset:${sha(gif)}`], [`${h.server.origin}/f.woff2`, `sr-asset:${sha(woff2)}`],
    ]));
    expect(h.server.paths).toContain('GET /private.png');
    expect(h.server.assets.has(sha(h.server.files['/private.png']!.body))).toBe(false);
  });

  test('are left out where the tenant has no room, and the recording goes on', async () => {
    prepare('');
    h.server.assetRefusal = { status: 429, body: { code: 'asset-quota', final: true } };
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    expect(h.server.paths.filter((path) => path.endsWith('/assets/missing')).length).toBeLessThanOrEqual(2);
    expect(h.server.assetSecrets.size).toBe(1);
    expect(h.allText()).not.toContain('sr-asset:');
    expect(h.allText()).toContain(`${h.server.origin}/a.png`);
  });

  test('are not kept where the page or the server says no', async () => {
    prepare('data-capture-assets=false');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    h.server.settings = { recordAssets: false };
    prepare('');
    await h.open();
    await h.server.until(() => new Set(h.server.batches.map((b) => b.window)).size === 2, 'the second snapshot');
    expect(h.server.assets.size).toBe(0);
    expect(h.allText()).not.toContain('sr-asset:');
  });
});
