import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromium, type Browser, type Page } from 'playwright-core';
import type {} from '../src/iife.ts';
import { BROWSER, BROWSER_ARGUMENTS, hasBrowser } from './support/browser.ts';
import { html } from './support/harness.ts';
import { TestServer } from './support/server.ts';

/** A browser in a process of its own, with a profile that outlives it. */
class KillableBrowser {
  private process: ChildProcess | undefined;
  private browser: Browser | undefined;

  constructor(private readonly profile: string) {}

  async start(): Promise<Page> {
    const settings = ['--remote-debugging-port=0', `--user-data-dir=${this.profile}`];
    const started = spawn(BROWSER, [...BROWSER_ARGUMENTS, ...settings], { detached: true });
    this.process = started;
    const address = await new Promise<string>((resolve, reject) => {
      started.once('exit', () => reject(new Error('the browser did not start')));
      started.stderr.on('data', (text: Buffer) => {
        const [, found] = /DevTools listening on (\S+)/.exec(text.toString()) ?? [];
        if (found) {
          resolve(found);
        }
      });
    });
    this.browser = await chromium.connectOverCDP(address);
    return this.browser.contexts()[0]!.newPage();
  }

  /** Ends the browser as a crash or the operating system does: nothing in it hears of it. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.process?.once('exit', resolve));
    // The browser is a group of processes, begun by a script.
    process.kill(-this.process!.pid!, 'SIGKILL');
    await ended;
    this.process = undefined;
  }

  get isRunning(): boolean {
    return this.process !== undefined;
  }
}

/** The time at which the open batch was last stored; 0 when none is. */
function storedAt(page: Page): Promise<number> {
  return page.evaluate(async () => {
    if (!(await indexedDB.databases()).some(({ name }) => name === 'session-replay')) {
      return 0;
    }
    return new Promise<number>((resolve) => {
      const opening = indexedDB.open('session-replay');
      opening.onsuccess = () => {
        const all = opening.result.transaction('batches').objectStore('batches').getAll();
        all.onsuccess = () => {
          opening.result.close();
          resolve((all.result as { isOpen?: boolean; createdAt: number }[]).find(({ isOpen }) => isOpen)?.createdAt ?? 0);
        };
      };
    });
  });
}

/** Removes what was stored, as another page does that has sent it. */
function take(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => {
    const opening = indexedDB.open('session-replay');
    opening.onsuccess = () => {
      const clearing = opening.result.transaction('batches', 'readwrite');
      clearing.objectStore('batches').clear();
      clearing.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  }));
}

/** Lets what was stored be as old as it is when nobody goes on with it. */
function age(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => {
    const opening = indexedDB.open('session-replay');
    opening.onsuccess = () => {
      const changing = opening.result.transaction('batches', 'readwrite');
      const cursor = changing.objectStore('batches').openCursor();
      cursor.onsuccess = () => {
        cursor.result?.update({ ...cursor.result.value, createdAt: cursor.result.value.createdAt - 180_000 });
        cursor.result?.continue();
      };
      changing.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  }));
}

describe.runIf(hasBrowser())('a browser that is killed', () => {
  let profile: string;
  let browser: KillableBrowser;
  let server: TestServer;

  beforeEach(async () => {
    profile = mkdtempSync(join(tmpdir(), 'killed-'));
    browser = new KillableBrowser(profile);
    server = new TestServer();
    await server.start();
    server.pages['/'] = html('<p>x</p>', 'data-performance=false');
    server.pages['/plain'] = '<p>not recorded</p>';
  });
  afterEach(async () => {
    if (browser.isRunning) {
      await browser.kill();
    }
    await server.stop();
    rmSync(profile, { recursive: true, force: true });
  });

  test('loses what came after the open batch was last stored, and shows it as a gap, ten times', async () => {
    for (let time = 0; time < 10; time++) {
      let page = await browser.start();
      await page.goto(`${server.origin}/`);
      await page.evaluate(() => window.SessionReplay!.current()!.ready);
      const snapshots = server.batches.length;
      await server.until(() => server.batches.length > snapshots, 'the snapshot');
      const before = server.batches.length;
      await page.evaluate((round) => {
        let number = 0;
        setInterval(() => window.SessionReplay!.current()!.track(`${round}/${number++}`, {}), 50);
      }, time);
      let stored = 0;
      await expect.poll(async () => (stored = await storedAt(page)), { timeout: 60_000 }).toBeGreaterThan(0);
      await browser.kill();

      page = await browser.start();
      await page.goto(`${server.origin}/plain`);
      await age(page);
      await page.goto(`${server.origin}/`);
      const interrupted = () => server.batches.slice(before).find(({ batch }) => batch.events.some((e) => e.gap?.reason === 'interrupted'));
      await server.until(() => interrupted() !== undefined, `what was stored, round ${time}`);
      const { batch } = interrupted()!;
      const numbers = batch.events.flatMap((e) => (e.custom ? [Number(e.custom.name.split('/')[1])] : []));
      expect(numbers).toEqual(numbers.map((_, i) => i));
      // All that was said until it was stored, and where the recording ends.
      expect(batch.events.at(-1)!.gap).toMatchObject({ reason: 'interrupted' });
      expect(batch.events.at(-1)!.time).toBeGreaterThanOrEqual(stored);
      await browser.kill();
    }
  }, 600_000);

  test('that stood still while another page sent what was stored of its batch, counts the rest as lost', async () => {
    const page = await browser.start();
    await page.goto(`${server.origin}/`);
    await page.evaluate(() => window.SessionReplay!.current()!.ready);
    await page.evaluate(() => window.SessionReplay!.current()!.track('stored', {}));
    await expect.poll(() => storedAt(page), { timeout: 60_000 }).toBeGreaterThan(0);
    await take(page);
    await page.evaluate(() => {
      window.SessionReplay!.current()!.track('not stored', {});
      void window.SessionReplay!.current()!.flush();
    });

    // The rest is accounted for, and what follows can be played.
    await server.until(() => server.batches.some(({ batch }) => batch.lost_events > 0), 'the loss');
    expect(server.batches.flatMap(({ batch }) => batch.events).some((e) => e.custom?.name === 'not stored')).toBe(false);
  }, 120_000);
});
