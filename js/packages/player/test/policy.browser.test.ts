import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasBrowser, startBrowser } from '../../recorder/test/support/browser.ts';
import { FRAME_PAGE } from './support/frame-page.ts';
import { bundle } from './support/bundle.ts';

let server: Server;
let browser: Browser;
let origin: string;
let script: string;
let fetched: string[] = [];

const isPossible = hasBrowser();

beforeAll(async () => {
  if (!isPossible) {
    return;
  }
  server = createServer((request, response) => {
    if (request.url === '/replay-frame') {
      // Without the policy that the server gives it.
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(FRAME_PAGE);
      return;
    }
    if (request.url !== '/host') {
      fetched.push(request.url!);
    }
    // A page of an application that sends no policy of its own: nothing but the player's protects it.
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><link rel="icon" href="data:,"><body></body>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  script = await bundle('policy.entry.ts');
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

const element = (tagName: string, id: number, attributes: object = {}, childNodes: object[] = []) => ({
  type: 2, tagName, attributes, childNodes, id,
});

/** A page with addresses in spellings that no list of words finds. */
function recording(hasHead: boolean): object[] {
  const css = `p { background: u\\72l(${origin}/escape) } p { border-image: image-set("${origin}/set" 1x) 1 }`;
  const body = element('body', 11, {}, [
    element('style', 12, { _cssText: css }),
    element('p', 13, {}, [{ type: 3, textContent: 'shown', id: 14 }]),
    element('canvas', 15, { rr_dataURL: `${origin}/canvas` }),
  ]);
  const html = element('html', 10, {}, hasHead ? [element('head', 16), body] : [body]);
  return [
    { type: 4, timestamp: 1000, data: { href: origin, width: 300, height: 200 } },
    { type: 2, timestamp: 1001, data: { node: { type: 0, id: 1, childNodes: [html] }, initialOffset: { top: 0, left: 0 } } },
  ];
}

test.runIf(isPossible).each([
  ['with a head, sanitized', true, true],
  ['without a head, sanitized', false, true],
  ['with a head, under the frame\'s policy alone', true, false],
  ['without a head, under the frame\'s policy alone', false, false],
])('in a page without a policy a recording fetches nothing: %s', async (_, hasHead, sanitize) => {
  const page = await browser.newPage();
  await page.goto(`${origin}/host`);
  await page.addScriptTag({ content: script });
  fetched = [];
  const text = await page.evaluate(`show(${JSON.stringify(recording(hasHead))}, ${sanitize})`);
  // Whatever is asked for was asked for by the time that the host page itself was answered again.
  await page.waitForTimeout(500);
  await page.evaluate('fetch("/host").then((r) => r.text())');
  expect(text).toBe('shownshown');
  expect(fetched).toEqual([]);
  await page.close();
});
