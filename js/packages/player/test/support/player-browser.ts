import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { hasBrowser, startBrowser } from '../../../recorder/test/support/browser.ts';
import { ReplayServer } from './replay-server.ts';

/** A playback API with made-up recordings, and a fresh page for each test of the player. */
export interface PlayerBrowser {
  isPossible: boolean;
  server: ReplayServer;
  page: Page;
}

/**
 * Registers what starts and ends a server and a browser around the tests of a file. Without a browser nothing is started, and the tests are
 * to be skipped.
 */
export function usePlayer(options: BrowserContextOptions = {}): PlayerBrowser {
  const player = { isPossible: hasBrowser(), server: new ReplayServer() } as PlayerBrowser;
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (player.isPossible) {
      await player.server.start();
      browser = await startBrowser();
    }
  });
  afterAll(async () => {
    await browser?.close();
    player.server.stop();
  });
  beforeEach(async () => {
    player.server.reset();
    if (browser) {
      player.page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
      player.page.setDefaultTimeout(90_000);
    }
  });
  afterEach(() => player.page?.close());
  return player;
}
