import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeBatch, idToBytes, writeDomEvents } from '@session-replay/format';
import { hasBrowser, startBrowser } from '../../recorder/test/support/browser.ts';
import { answerReplay } from './support/frame-page.ts';
import { bundle } from './support/bundle.ts';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"><script>parent.hit = 1; document.documentElement.dataset.hit = 1</script></svg>',
);
const page = Buffer.from('<script>parent.hit = 1</script>');
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const css = `p { background: url("sr-asset:${hash(png)}") } .pad { ${'margin: 0;'.repeat(20)} }`;

let server: Server;
let browser: Browser;
let script: string;
let asked: string[] = [];
const isPossible = hasBrowser();
const element = (tagName: string, id: number, attributes: object = {}, childNodes: object[] = []) => ({
  type: 2, tagName, attributes, childNodes, id,
});

beforeAll(async () => {
  if (!isPossible) {
    return;
  }
  const assets = new Map([
    [hash(png), ['image/png', png]], [hash(svg), ['image/svg+xml', svg]], [hash(page), ['text/html', page]],
    ['c'.repeat(64), ['text/css', Buffer.from(css)]],
  ] as const);
  server = createServer((request, response) => {
    const url = request.url!;
    if (answerReplay(url, response)) {
      return;
    }
    const asset = /^\/recorded\/([0-9a-f]{64})$/.exec(url);
    if (url !== '/host') {
      asked.push(asset ? asset[1]! : url);
    }
    const [type, body] = asset
      ? (assets.get(asset[1]!) ?? [undefined, undefined])
      : url.startsWith('/recorded/')
        ? ['application/x-protobuf', Buffer.from(batch())]
        : ['text/html', '<!doctype html><link rel="icon" href="data:,"><body></body>'];
    response.writeHead(type ? 200 : 404, { 'Content-Type': type ?? 'application/problem+json' }).end(body ?? '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  script = await bundle('asset-urls.entry.ts');
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

function batch(): Uint8Array {
  const body = element('body', 11, {}, [
    element('img', 12, { src: `sr-asset:${hash(png)}` }),
    element('img', 13, { src: `sr-asset:${hash(svg)}` }),
    element('img', 14, { src: `sr-asset:${'0'.repeat(64)}` }),
    element('img', 15, { src: `sr-asset:${hash(page)}` }),
    element('img', 16, { src: 'https://elsewhere.example/x.png' }),
    element('p', 17, {}, [{ type: 3, textContent: 'shown', id: 18 }]),
    element('iframe', 19, { src: `sr-asset:${hash(svg)}` }),
  ]);
  const html = element('html', 10, {}, [element('head', 9, {}, [element('style', 8, { _cssText: `sr-asset:${'c'.repeat(64)}` })]), body]);
  const events = [
    { type: 4, timestamp: 1000, data: { href: 'https://shop.example/', width: 300, height: 200 } },
    { type: 2, timestamp: 1001, data: { node: { type: 0, id: 1, childNodes: [html] }, initialOffset: { top: 0, left: 0 } } },
  ];
  const id = idToBytes('0199c5f07b1a7c3d9e4f1234567890ab');
  return encodeBatch({
    version: 1, session_id: id, window_id: id, seq: 0, recorder_version: '', last: true, lost_events: 0, cut_id: 1,
    dom_events: writeDomEvents(events.map((event) => ({ time: event.timestamp, event }))), events: [],
  });
}

test.runIf(isPossible)(
  'recorded images are shown, each asked for once; what is gone or not an image leaves a place; nothing runs',
  async () => {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/host`);
    await tab.addScriptTag({ content: script });
    asked = [];
    const shown = await tab.evaluate(() =>
      (globalThis as unknown as { show: (from: number, to: number) => Promise<object> }).show(1000, 1001),
    );
    expect(shown).toEqual({
      widths: [1, 7, 0, 0, 0],
      sources: ['blob', 'blob', 'data', 'data', 'https://elsewhere.example/x.png'],
      background: 'url("blob:',
      frames: [`sr-asset:${hash(svg)}`],
    });
    expect(asked.filter((url) => url === hash(png))).toHaveLength(1);
    expect(asked.filter((url) => url.includes('elsewhere'))).toEqual([]);
    expect(await tab.evaluate(() => (globalThis as unknown as { hit?: number }).hit)).toBeUndefined();
    await tab.close();
  },
);
