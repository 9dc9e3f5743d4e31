import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server as TcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasBrowser, startBrowser } from '../../recorder/test/support/browser.ts';
import { answerReplay } from './support/frame-page.ts';
import { doubling } from './support/hostile-pages.ts';

interface Look {
  last: string;
  size: [number, number];
  depth: number;
  nodes: number;
  frames: number;
  focus: string;
  polluted: unknown;
  html: string;
}

/** Whoever has a write key can send a recording of any form: it is looked at here as it would be sent. */
describe.runIf(hasBrowser())('a recording made to harm whoever looks at it', () => {
  let server: Server;
  /** Counts who connects at all: a connection that asks for nothing tells who looks at it, too. */
  let attacker: TcpServer;
  let connections = 0;
  let browser: Browser;
  let page: Page;
  let origin: string;
  let evil: string;
  let script: string;
  let asked: string[] = [];
  let errors: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (answerReplay(request.url!, response, false)) {
        return;
      }
      asked.push(request.url!);
      // No policy but the player's own.
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(
        '<!doctype html><link rel="icon" href="data:,"><body><button id=own>own</button><div id=stage style="position:relative;width:800px;height:600px"></div></body>');
    }).listen(0, '127.0.0.1');
    attacker = createTcp((socket) => {
      connections++;
      socket.on('error', () => undefined);
      socket.end();
    }).listen(0, '127.0.0.1');
    await Promise.all([once(server, 'listening'), once(attacker, 'listening')]);
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    evil = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}`;
    script = (await build({ entryPoints: [fileURLToPath(new URL('hostile.entry.ts', import.meta.url))], bundle: true, write: false, format: 'iife' })).outputFiles[0]!.text;
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    attacker?.close();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('dialog', (dialog) => {
      errors.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`${origin}/host`);
    await page.addScriptTag({ content: script });
    await page.focus('#own');
    connections = 0;
    asked = [];
  });
  afterEach(async () => {
    await page.close();
  });

  const element = (tagName: string, id: number, attributes: object = {}, childNodes: object[] = [], more: object = {}) => ({ type: 2, tagName, attributes, childNodes, id, ...more });
  const text = (id: number, textContent: string) => ({ type: 3, textContent, id });
  const LAST = { type: 3, data: { source: 0, adds: [], removes: [], texts: [{ id: 7, value: 'the end' }], attributes: [] } };
  /** A page of a head, a body, something that is said at the end, and what is hostile, in its snapshot and after it. */
  const recording = (inHead: object[], inBody: object[], then: object[] = [], meta: object = { href: 'http://x/', width: 400, height: 300 }): string => {
    const body = element('body', 5, {}, [element('p', 6, { id: 'last' }, [text(7, 'the beginning')]), ...inBody]);
    const html = element('html', 3, {}, [element('head', 4, {}, inHead), body]);
    return JSON.stringify([
      { type: 4, data: meta }, { type: 2, data: { node: { type: 0, id: 1, childNodes: [{ type: 1, name: 'html', publicId: '', systemId: '', id: 2 }, html] }, initialOffset: { top: 0, left: 0 } } },
      ...then, LAST,
    ].map((event, i) => ({ ...event, timestamp: 1000 + i })));
  };
  const adds = (parentId: number, ...nodes: object[]) => ({ type: 3, data: { source: 0, adds: nodes.map((node) => ({ parentId, nextId: null, node })), removes: [], texts: [], attributes: [] } });
  const changes = (id: number, attributes: object) => ({ type: 3, data: { source: 0, adds: [], removes: [], texts: [], attributes: [{ id, attributes }] } });
  const raw = (source: number, data: object) => ({ type: 3, data: { source, ...data } });
  const play = async (json: string, way: 'seek' | 'play' = 'seek'): Promise<Look> => {
    await page.evaluate(([events, how]) => (globalThis as unknown as { show: (e: string, w: string) => Promise<void> }).show(events!, how!), [json, way]);
    const look = () => page.evaluate(() => (globalThis as unknown as { look: () => object }).look()) as Promise<Look>;
    await expect.poll(async () => (await look()).last).toBe('the end');
    return look();
  };
  /** Whatever is asked for was asked for by the time that the host was answered again. */
  const quiet = async () => {
    await page.waitForTimeout(500);
    await page.evaluate('fetch("/host").then((r) => r.text())');
    return { connections, asked: asked.filter((url) => url !== '/host'), errors };
  };
  const NOTHING = { connections: 0, asked: [], errors: [] };

  test.each(['seek', 'play'] as const)('connects to nobody, whatever its elements ask for: %s', async (way) => {
    const links = ['stylesheet', 'preload', 'prefetch', 'prerender', 'preconnect', 'dns-prefetch', 'modulepreload', 'icon', 'manifest', 'expect', 'Preconnect', 'alternate stylesheet'];
    let id = 100;
    const every = (): object[] => [
      ...links.map((rel) => element('link', id++, { rel, href: `${evil}/${rel}`, as: 'image', imagesrcset: `${evil}/s 1x` })),
      element('LINK', id++, { REL: 'preconnect', HREF: evil }),
      element('img', id++, { src: `${evil}/i`, srcset: `${evil}/j 2x`, attributionsrc: `${evil}/k`, loading: 'eager' }),
      element('a', id++, { href: `${evil}/a`, ping: `${evil}/p`, attributionsrc: `${evil}/b` }, [text(id++, 'a')]),
      element('picture', id++, {}, [element('source', id++, { srcset: `${evil}/q` }), element('img', id++, {})]),
      element('video', id++, { src: `${evil}/v`, poster: `${evil}/w`, rr_mediaState: 'played' }, [element('track', id++, { src: `${evil}/t`, default: '' })]),
      element('audio', id++, { src: `${evil}/au`, preload: 'auto', rr_mediaState: 'played' }), element('canvas', id++, { rr_dataURL: `${evil}/c`, RR_DATAURL: `${evil}/c` }),
      element('input', id++, { type: 'image', src: `${evil}/in` }), element('body', id++, { background: `${evil}/bg` }), element('table', id++, { background: `${evil}/bg` }),
      element('iframe', id++, { src: `${evil}/if` }), element('iframe', id++, { rr_src: `${evil}/if` }), element('iframe', id++, { srcdoc: `<img src=${evil}/sd>` }),
      element('iframe', id++, { src: `data:text/html,<img src=${evil}/da>` }), element('iframe', id++, { src: `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="${evil}/sv"/></svg>` }),
      element('embed', id++, { src: `${evil}/e` }), element('object', id++, { data: `${evil}/o` }), element('frameset', id++, {}, [element('frame', id++, { src: `${evil}/f` })]),
      element('fencedframe', id++, { src: `${evil}/ff` }), element('portal', id++, { src: `${evil}/po` }), element('script', id++, { src: `${evil}/s` }),
      element('script', id++, { type: 'speculationrules' }, [text(id++, JSON.stringify({ prerender: [{ urls: [`${evil}/sr`] }] }))]),
      element('meta', id++, { 'http-equiv': 'refresh', content: `0;url=${evil}/m` }), element('META', id++, { 'HTTP-EQUIV': 'Refresh', CONTENT: `0;url=${evil}/m` }),
      element('meta', id++, { 'http-equiv': 'link', content: `<${evil}>; rel=preconnect` }), element('base', id++, { href: evil }),
      element('style', id++, { _cssText: `@import url(${evil}/im); @import "${evil}/im2"; @font-face { font-family: F; src: url(${evil}/fo) } * { font-family: F; background: u\\72l(${evil}/es) image-set("${evil}/set" 1x); cursor: url(${evil}/cu), auto }` }),
      element('style', id++, {}, [text(id++, `@import "${evil}/tx"; p { list-style: url(${evil}/li) }`)]), element('p', id++, { style: `background: url(${evil}/st); border-image: image-set('${evil}/bi' 1x) 1` }),
      element('svg', id++, {}, [
        element('image', id++, { href: `${evil}/si`, 'xlink:href': `${evil}/sx` }, [element('set', id++, { attributeName: 'href', to: `${evil}/an`, begin: '0s' }, [], { isSVG: true })], { isSVG: true }),
        element('use', id++, { href: `${evil}/u#x` }, [], { isSVG: true }), element('feImage', id++, { href: `${evil}/fe` }, [], { isSVG: true }),
        element('a', id++, { id: 'x', href: '#' }, [element('animate', id++, { attributeName: 'xlink:href', values: `${evil}/av` }, [], { isSVG: true })], { isSVG: true }),
        element('foreignObject', id++, {}, [element('img', id++, { src: `${evil}/fi` })], { isSVG: true }), element('style', id++, {}, [text(id++, `@import "${evil}/sw"`)], { isSVG: true }),
      ], { isSVG: true }),
      element('div', id++, {}, [element('img', id++, { src: `${evil}/sh` }, [], { isShadow: true }), element('link', id++, { rel: 'stylesheet', href: `${evil}/sl` }, [], { isShadow: true })], { isShadowHost: true }),
      element('form', id++, { action: evil, method: 'post' }, [element('button', id++, { formaction: evil }, [text(id++, 'b')])]), element('x-evil', id++, { is: 'x' }, [], { isCustom: true }),
    ];
    const late = every().flatMap((node) => adds(5, { ...node, childNodes: [] }));
    const link = element('link', 90, { rel: 'x' });
    const frame = element('iframe', 91, {});
    const inner = { type: 0, id: 92, childNodes: [element('html', 93, {}, [element('head', 94, {}, every()), element('body', 95, {}, every())])] };
    const result = await play(recording(every(), [...every(), link, frame, element('img', 97), element('meta', 98)], [
      ...late, { type: 3, data: { source: 0, isAttachIframe: true, adds: [{ parentId: 91, nextId: null, node: inner }], removes: [], texts: [], attributes: [] } },
      changes(90, { rel: 'preconnect', href: evil }), changes(90, { href: `${evil}/2`, rel: 'dns-prefetch' }), changes(90, { rel: 'stylesheet', href: `${evil}/css` }), changes(90, { _cssText: `@import "${evil}/x"` }),
      changes(97, { src: `${evil}/img`, attributionsrc: evil }), changes(98, { 'http-equiv': 'refresh', content: `0;url=${evil}` }), changes(91, { src: evil, srcdoc: `<img src=${evil}>` }),
      raw(8, { id: 90, adds: [{ rule: `p { background: url(${evil}/rule) }`, index: 0 }] }), raw(15, { id: 1, styleIds: [1], styles: [{ styleId: 1, rules: [{ rule: `@import "${evil}/adopted"` }, { rule: `p { background: u\\72l(${evil}/ad) }` }] }] }),
      raw(13, { id: 90, index: [0], set: { property: 'background', value: `url(${evil}/prop)`, priority: '' } }),
      raw(9, { id: 90, type: 0, commands: [{ property: 'drawImage', args: [{ rr_type: 'HTMLImageElement', src: `${evil}/canvas` }] }] }), raw(10, { family: 'F', fontSource: `url(${evil}/font)`, buffer: false }),
    ]), way);
    expect(result.html === '' || !/http-equiv="refresh"/i.test(result.html)).toBe(true);
    expect(await quiet()).toEqual(NOTHING);
    expect(page.frames().every((f) => !f.url().startsWith(evil))).toBe(true);
  });

  test('goes nowhere and takes no key when the viewer clicks and types where it is shown', async () => {
    await play(recording([], [
      element('a', 20, { href: `${evil}/top`, target: '_top', style: 'position:fixed;inset:0;display:block', accesskey: 'x' }, [text(21, 'link')]), element('a', 22, { href: `${evil}/self` }, [text(23, 'self')]),
      element('dialog', 24, { open: '', rr_open_mode: 'modal' }, [element('input', 25, { autofocus: '' })]), element('input', 26, { autofocus: '', tabindex: '1' }),
    ], [raw(2, { id: 26, type: 5, x: 1, y: 1 }), raw(2, { id: 20, type: 2, x: 5, y: 5 }), adds(5, element('dialog', 27, { open: '', rr_open_mode: 'modal' })), changes(24, { rr_open_mode: 'modal', open: '' })]), 'play');
    const box = (await page.locator('#stage iframe').boundingBox())!;
    await page.mouse.click(box.x + 50, box.y + 50);
    await page.mouse.click(box.x + 60, box.y + 60, { button: 'middle' });
    await page.focus('#own');
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Alt+x');
    expect(await quiet()).toEqual(NOTHING);
    expect([page.url(), page.context().pages().length]).toEqual([`${origin}/host`, 1]);
  });

  test.each(['seek', 'play'] as const)('takes the focus from nobody: %s', async (way) => {
    const look = await play(recording([], [element('dialog', 24, { open: '', rr_open_mode: 'modal' }, [element('input', 25, { autofocus: true })]), element('input', 26)],
      [raw(2, { id: 26, type: 5, x: 1, y: 1 }), changes(24, { open: null }), changes(24, { open: '', rr_open_mode: 'modal' }), raw(14, { ranges: [{ start: 7, startOffset: 0, end: 7, endOffset: 3 }] })]), way);
    expect(look.focus).toBe('own');
  });

  test.each(['seek', 'play'] as const)('events of no form that the replayer knows are left out, and the rest is shown: %s', async (way) => {
    const odd: unknown[] = [null, undefined, 0, -1, 1e999, 'x', true, [], {}, [null], [{}], { toString: 1 }, { length: 1e9 }];
    const names: Record<number, string[]> = {
      0: ['adds', 'removes', 'texts', 'attributes'], 1: ['positions'], 2: ['id', 'type', 'x', 'y'], 3: ['id', 'x', 'y'], 4: ['width', 'height'], 5: ['id', 'text', 'isChecked'], 6: ['positions'],
      7: ['id', 'type', 'currentTime', 'volume', 'playbackRate'], 8: ['id', 'styleId', 'adds', 'removes', 'replace', 'replaceSync'], 9: ['id', 'commands'], 10: ['family'], 11: ['level'], 12: ['positions'],
      13: ['id', 'index', 'set', 'remove'], 14: ['ranges'], 15: ['id', 'styleIds', 'styles'], 16: ['define'], 99: ['x'],
    };
    const good: Record<string, unknown> = { id: 30, type: 2, x: 1, y: 1, adds: [], removes: [], texts: [], attributes: [], positions: [{ x: 1, y: 1, id: 30, timeOffset: 0 }], styleId: 1, index: [0], styleIds: [1], styles: [], ranges: [] };
    const events: object[] = Object.entries(names).flatMap(([source, keys]) => keys.flatMap((key) => odd.map((value) => raw(Number(source), { ...good, [key]: value }))));
    const node = (more: object) => adds(5, { type: 2, tagName: 'p', attributes: {}, childNodes: [], id: 40, ...more });
    const more: object[] = [
      ...['type', 'tagName', 'attributes', 'childNodes', 'id', 'rootId', 'isShadow', 'isShadowHost', 'isCustom', 'isSVG', 'textContent'].flatMap((key) => odd.map((value) => node({ [key]: value }))),
      ...['rr_width', 'rr_mediaVolume', 'rr_mediaPlaybackRate', 'rr_mediaCurrentTime', 'rr_mediaState', 'rr_open_mode', 'rr_scrollTop', '_cssText', 'style', 'value', '1bad', ''].flatMap((name) =>
        odd.flatMap((value) => ['video', 'style', 'link', 'textarea', 'dialog', 'canvas'].map((tagName) => node({ tagName, attributes: { [name]: value } })))),
      ...odd.flatMap((value) => [changes(30, { style: value }), changes(30, { style: { color: value } }), changes(7, { title: value, style: { color: value } }), changes(30, { [JSON.stringify(value) ?? 'undefined']: value }), changes(1, { x: null })]),
      ...[1, 2, 3, 5, 7, 12345].flatMap((id) => [2, 3, 5, 7, 14].map((source) => raw(source, { ...good, id, ranges: [{ start: id, startOffset: 9, end: id, endOffset: 1 }] }))),
      adds(6, { type: 0, id: 50, childNodes: [element('html', 51)] }), adds(41, element('p', 41)), { type: 3, data: { source: 0, adds: [{ parentId: 43, nextId: 9, node: element('p', 42) }, { parentId: 42, nextId: 9, node: element('p', 43) }] } },
      { type: 2, data: {} }, { type: 2, data: { node: null } }, { type: 2, data: { node: { type: 0, id: 1, childNodes: [null, 5] } } }, { type: 2, data: { node: element('html', 1) } }, { type: 5, data: { tag: 'x' } }, { type: 6, data: {} }, { type: 1e9 },
      { type: '2', data: {} }, { data: {} }, { type: 3 }, { type: 3, data: null },
    ];
    const look = await play(recording([], [element('p', 30)], [...events, ...more]), way);
    expect(errors).toEqual([]);
    expect(look.polluted).toBe(false);
  });

  test('names of the language\'s own in the place of names of the page', async () => {
    const own = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1},"title":"shown"}';
    const json = recording([], [element('p', 30, { x: 'OWN' })], [
      changes(30, { x: 'OWN' }), changes(30, { style: { x: 'OWN' } }), adds(5, element('p', 31, { x: 'OWN' })), raw(8, { id: 30, x: 'OWN' }), raw(13, { id: 30, index: ['__proto__'], set: { property: '__proto__', value: 'x' } }),
      raw(15, { id: 1, styleIds: [1], styles: [{ styleId: 1, rules: [], x: 'OWN' }] }),
    ]).replaceAll('"x":"OWN"', own.slice(1, -1));
    expect((await play(json)).polluted).toBe(false);
    expect((await play(json, 'play')).polluted).toBe(false);
    expect(errors).toEqual([]);
  });

  test.each(['seek', 'play'] as const)('nests no deeper than a browser bears, built and moved in any order: %s', async (way) => {
    const chain = (from: number, parentId: number, count: number, reverse = false) => {
      const links = Array.from({ length: count }, (_, i) => ({ parentId: i === 0 ? parentId : from + i - 1, nextId: null, node: element('div', from + i) }));
      return { type: 3, data: { source: 0, removes: [], texts: [], attributes: [], adds: reverse ? links.reverse() : links } };
    };
    const move = (id: number, parentId: number, removes: object[] = []) => ({ type: 3, data: { source: 0, texts: [], attributes: [], removes, adds: [{ parentId, nextId: null, node: element('div', id) }] } });
    // Written by hand: JSON.stringify would overflow the stack.
    const deep = Array.from({ length: 3000 }, (_, i) => `{"type":2,"tagName":"div","attributes":{},"id":${9000 + i},"childNodes":[`).join('') + ']}'.repeat(3000);
    const look = await play(recording([], ['DEEP' as unknown as object], [
      chain(20_000, 5, 3000), chain(30_000, 5, 3000, true),
      ...Array.from({ length: 20 }, (_, i) => [chain(40_000 + i * 1000, 5, 450), move(40_000 + i * 1000, 40_449 + (i - 1) * 1000), move(40_000 + i * 1000, 40_449 + (i - 1) * 1000, [{ id: 40_000 + i * 1000, parentId: 999 }, { id: 40_449 + i * 1000, parentId: 5, isShadow: true }])]).flat(),
      ...Array.from({ length: 10 }, (_, i) => chain(70_000 + i * 1000, i === 0 ? 5 : 70_299 + (i - 1) * 1000, 300)),
    ]).replace('"DEEP"', deep), way);
    expect(look.depth).toBeGreaterThan(400);
    expect(look.depth).toBeLessThanOrEqual(516);
    expect(errors).toEqual([]);
  });

  test('is no larger than can be drawn, in whatever way it says so', async () => {
    for (const [width, height] of [[1e9, 1e9], [-5, 0], ['100%', null]]) {
      const look = await play(recording([], [], [raw(4, { width, height })], { href: '', width, height }), 'play');
      expect(look.size[0]).toBeGreaterThan(0);
      expect(Math.max(...look.size)).toBeLessThanOrEqual(20_000);
    }
    expect(errors).toEqual([]);
  });

  test('has no more frames than a browser bears', async () => {
    const look = await play(recording([], Array.from({ length: 500 }, (_, i) => element('iframe', 100 + i)), [adds(5, ...Array.from({ length: 500 }, (_, i) => element('IFRAME', 1000 + i)))]));
    expect(look.frames).toBeLessThanOrEqual(100);
    expect(errors).toEqual([]);
  });

  test('adds no more nodes than a browser bears', async () => {
    const { TreeGuard } = await import('../src/replay/tree-guard.ts');
    const guard = new TreeGuard(512, 1000, 10);
    const event = (data: object) => ({ type: 3, timestamp: 1, data: { source: 0, adds: [], removes: [], ...data } as Record<string, unknown> });
    guard.admit({ type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes: [element('html', 3, {}, [element('body', 5)])] } } });
    const many = (from: number) => Array.from({ length: 400 }, (_, i) => ({ parentId: 5, nextId: null, node: element('p', from + i) }));
    const counts = [1000, 2000, 3000, 4000].map((from) => {
      const added = event({ adds: many(from) });
      guard.admit(added);
      return (added.data['adds'] as unknown[]).length;
    });
    expect(counts.reduce((sum, n) => sum + n)).toBeLessThanOrEqual(1000);
    expect(counts.slice(0, 2)).toEqual([400, 400]);
    // What is removed makes room, under whatever parent it is said to be.
    const removed = event({ removes: Array.from({ length: 400 }, (_, i) => ({ id: 1000 + i, parentId: 99 })) });
    guard.admit(removed);
    expect((removed.data['removes'] as { parentId: number }[]).every(({ parentId }) => parentId === 5)).toBe(true);
    const again = event({ adds: many(5000) });
    guard.admit(again);
    expect((again.data['adds'] as unknown[]).length).toBeGreaterThanOrEqual(400);
  });

  test.each([
    ['use', [doubling('use', 14, 4)]], ['mask', [doubling('mask', 14, 4)]], ['pattern', [doubling('pattern', 14, 4)]],
    ['has', [element('style', 50, { _cssText: Array.from({ length: 5000 }, (_, i) => `div:has(b${i} p):has(i~b) p{color:red}`).join('') }), ...Array.from({ length: 3000 }, (_, i) => element('div', 1000 + i))]],
    ['url', [element('style', 50, { _cssText: `a{b:url(${' '.repeat(6000)}` }), element('p', 51, { style: `b:url(${' '.repeat(6000)}` })]],
    ['style', [element('p', 51, { style: ';'.repeat(200_000) })]],
  ] as [string, object[]][])('asks for more than a browser can bear, and the page answers all the same: %s', async (_, content) => {
    const began = Date.now();
    await play(recording([], content));
    // A page that is drawn answers: what was too much would be drawn for minutes, or for good.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(errors).toEqual([]);
  });
});
