import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server as TcpServer } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startBrowser } from '../../../recorder/test/support/browser.ts';
import { answerReplay } from './frame-page.ts';
import { bundle } from './bundle.ts';

export interface Look {
  last: string;
  size: [number, number];
  depth: number;
  nodes: number;
  frames: number;
  focus: string;
  polluted: unknown;
  html: string;
}

let server: Server;
/** Counts all connections: one that asks for nothing reveals its viewer, too. */
let attacker: TcpServer;
let connections = 0;
let browser: Browser;
export let page: Page;
export let origin: string;
export let evil: string;
let script: string;
let asked: string[] = [];
export let errors: string[] = [];

/** Registers what is attacked: a server, a browser, an attacker who counts who comes, and a fresh page for each test. */
export function useViewerPage(): void {
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (answerReplay(request.url!, response, false)) {
        return;
      }
      asked.push(request.url!);
      // No policy but the player's own.
      response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end(
          '<!doctype html><link rel="icon" href="data:,"><body><button id=own>own</button><div id=stage style="position:relative;width:800px;height:600px"></div></body>',
        );
    }).listen(0, '127.0.0.1');
    attacker = createTcp((socket) => {
      connections++;
      socket.on('error', () => undefined);
      socket.end();
    }).listen(0, '127.0.0.1');
    await Promise.all([once(server, 'listening'), once(attacker, 'listening')]);
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    evil = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}`;
    script = await bundle('hostile.entry.ts');
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
}

export const play = async (json: string, way: 'seek' | 'play' = 'seek'): Promise<Look> => {
  await page.evaluate(
    ([events, how]) => (globalThis as unknown as { show: (e: string, w: string) => Promise<void> }).show(events!, how!),
    [json, way],
  );
  const look = () => page.evaluate(() => (globalThis as unknown as { look: () => object }).look()) as Promise<Look>;
  await expect.poll(async () => (await look()).last).toBe('the end');
  return look();
};

/** Whatever is asked for was asked for by the time that the host was answered again. */
export const quiet = async () => {
  await page.waitForTimeout(500);
  await page.evaluate('fetch("/host").then((r) => r.text())');
  return { connections, asked: asked.filter((url) => url !== '/host'), errors };
};

export const NOTHING = { connections: 0, asked: [], errors: [] };
