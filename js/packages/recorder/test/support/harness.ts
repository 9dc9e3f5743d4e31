import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type {} from '../../src/iife.ts';
import { startBrowser } from './browser.ts';
import { TestServer } from './server.ts';

/** A server, a browser and a fresh page for each test. */
export class Harness {
  browser!: Browser;
  context!: BrowserContext;
  server!: TestServer;
  page!: Page;
  /** Errors that reached the page. */
  readonly pageErrors: string[] = [];

  /** Opens a page and waits until recording has begun or it is clear that it will not. */
  async open(path = '/', page = this.page): Promise<void> {
    await page.goto(this.server.origin + path);
    await page.evaluate(() => window.SessionReplay?.current()?.ready);
  }

  /** Opens `/`, which is recorded, or `/plain`, which is not. */
  async openRecorded(isRecorded: boolean): Promise<void> {
    await this.open(isRecorded ? '/' : '/plain');
    if (isRecorded) {
      await this.server.until(() => this.server.batches.length > 0, 'the snapshot');
    }
  }

  /** Opens `/` in two tabs and waits until both are recorded. Gives the second. */
  async openTwice(): Promise<Page> {
    await this.open();
    const other = await this.context.newPage();
    await this.open('/', other);
    await this.server.until(() => new Set(this.server.batches.map((b) => b.window)).size === 2, 'both tabs');
    return other;
  }

  flush(page = this.page): Promise<void> {
    return page.evaluate(() => window.SessionReplay?.current()?.flush());
  }

  /** Says something as the application does, and waits until it has arrived, and with it all that was recorded before it. */
  async said(name: string, page = this.page): Promise<void> {
    await page.evaluate((text) => {
      window.SessionReplay!.current()!.track(text, {});
      window.SessionReplay!.current()!.flush();
    }, name);
    await this.server.until(() => this.server.events.some((e) => e.custom?.name === name), `what the application said: ${name}`);
  }

  /**
   * What the recorder has in the browser. One that does not record has no session, no Web Worker and no database: nothing can be on its way
   * to the server.
   */
  async traces(page = this.page): Promise<{ session?: string; workers: number; databases: (string | undefined)[]; local: string[] }> {
    const stored = await page.evaluate(async () => ({
      session: window.SessionReplay?.current()?.sessionId,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      local: Object.keys(localStorage).sort(),
    }));
    return { ...stored, workers: page.workers().length };
  }

  /** Opens another page that is recorded, and waits for what it says: what the page before has sent as it went has arrived by then. */
  async nextPage(page = this.page): Promise<void> {
    this.server.pages['/next-page'] = html('<p>the next page</p>');
    await this.open('/next-page', page);
    await this.said('on the next page', page);
  }

  /** Counts the batches that wait in the browser's store; none where there is no store. */
  waiting(page = this.page): Promise<number> {
    return page.evaluate(async () => {
      if (!(await indexedDB.databases()).some(({ name }) => name === 'session-replay')) {
        return 0;
      }
      return new Promise<number>((resolve, reject) => {
        const request = indexedDB.open('session-replay');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const database = request.result;
          const count = database.objectStoreNames.contains('batches')
            ? database.transaction('batches').objectStore('batches').count()
            : undefined;
          const end = (n: number): void => {
            database.close();
            resolve(n);
          };
          if (count) {
            count.onsuccess = () => end(count.result);
          } else {
            end(0);
          }
        };
      });
    });
  }

  /** All that was received, as text. */
  allText(): string {
    return JSON.stringify(this.server.batches, (_, v: unknown) => (v instanceof Uint8Array ? Buffer.from(v).toString('utf8') : v));
  }

  /** What was reported to a page's `window.failures`. */
  failures(page = this.page): Promise<string[]> {
    return page.evaluate(() => (window as unknown as { failures: string[] }).failures);
  }
}

/** The {@link Harness.traces} of a page that was never recorded. */
export const NO_TRACES = { session: undefined, workers: 0, databases: [], local: [] };

/** A page with the recorder's tag. */
export function html(body: string, attributes = '', source = '/session-replay'): string {
  return `<!doctype html><html><head><title>T</title><script src="${source}/recorder.js" data-write-key="wk" ${attributes}></script></head><body>${body}</body></html>`;
}

/** A page that begins by code, with options given as JavaScript, and collects failures. */
export function htmlWith(options: string, body: string): string {
  return `<!doctype html><html><head><title>T</title><script src="/session-replay/recorder.js"></script></head><body>${body}<script>
    window.failures = []; SessionReplay.init('wk', { onError: (f) => failures.push(f.where + ': ' + String(f.error)), ${options} });</script></body></html>`;
}

/** Slows the scripts of all pages by a factor: `CPU_SLOWDOWN=8 npx vitest run` finds tests whose result depends on the machine's speed. */
const slowdown = Number(process.env['CPU_SLOWDOWN'] ?? 1);

async function slowDown(page: Page): Promise<void> {
  try {
    await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  } catch (error) {
    if (!page.isClosed()) {
      throw error;
    }
  }
}

/** Registers what starts and ends a harness around the tests of a suite. */
export function useHarness(): Harness {
  const harness = new Harness();
  beforeAll(async () => {
    harness.browser = await startBrowser();
  });
  afterAll(() => harness.browser?.close());
  beforeEach(async () => {
    harness.server = new TestServer();
    await harness.server.start();
    harness.context = await harness.browser.newContext();
    harness.context.setDefaultTimeout(90_000);
    if (slowdown > 1) {
      harness.context.on('page', (page) => void slowDown(page));
    }
    harness.page = await harness.context.newPage();
    harness.pageErrors.length = 0;
    harness.page.on('pageerror', (error) => harness.pageErrors.push(error.message));
  });
  afterEach(async () => {
    await harness.context.close();
    await harness.server.stop();
  });
  return harness;
}
