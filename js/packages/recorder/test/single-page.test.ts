import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

/**
 * What frameworks do that change pages without loading them (Blazor's enhanced navigation, routers), and applications that load their parts
 * at their start.
 */
describe.runIf(hasBrowser())('single-page applications', () => {
  const h = useHarness();

  const pages = (): [string, string][] => h.server.events.filter((e) => e.navigation).sort((a, b) => a.time - b.time)
    .map((e) => [new URL(e.navigation!.url).pathname, e.navigation!.title]);

  test('a page has the title that it gets after its address, and is reported once', async () => {
    h.server.pages['/'] = html('<main>Home</main>');
    await h.open();
    await h.page.evaluate(async () => {
      const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
      const go = async (path: string, title: string | undefined, ms: number): Promise<void> => {
        history.pushState(null, '', path);
        // As Blazor does: the same address once more, then the new document is put in place of the old one.
        history.replaceState({ done: true }, '', path);
        await wait(ms);
        if (title) {
          document.head.querySelector('title')!.replaceWith(Object.assign(document.createElement('title'), { textContent: title }));
        }
      };
      await go('/counter', 'Counter', 300);
      await wait(100);
      await go('/weather', 'Weather', 0);
      await wait(100);
      // While it is rendered, it has none.
      document.head.querySelector('title')!.textContent = '';
      await go('/rendered', 'Rendered', 200);
      await wait(100);
      // The next comes before the title of this one; it keeps the last that was there.
      await go('/quick', undefined, 20);
      await go('/untitled', undefined, 1500);
      document.title = 'Later';
      await wait(100);
    });
    await h.said('walked');
    expect(pages()).toEqual([
      ['/', 'T'], ['/counter', 'Counter'], ['/weather', 'Weather'], ['/rendered', 'Rendered'], ['/quick', 'Rendered'],
      ['/untitled', 'Rendered'],
    ]);
  });

  test('a page that is left at once is reported', async () => {
    h.server.pages['/'] = html('<main>Home</main>');
    h.server.pages['/next'] = '<title>Next</title>';
    await h.open();
    await h.page.evaluate(() => {
      history.pushState(null, '', '/left');
      location.href = '/next';
    });
    await h.server.until(() => pages().some(([path]) => path === '/left'), 'the page that was left');
  });

  test('a request that the page calls off is not a failure, one that fails is', async () => {
    h.server.pages['/'] = html('');
    h.server.pages['/slow'] = 'slow';
    await h.open();
    await h.page.evaluate(async () => {
      const abort = new AbortController();
      const called = fetch('/slow?fetch', { signal: abort.signal }).catch(() => {});
      abort.abort();
      await called;
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/slow?xhr');
      xhr.send();
      xhr.abort();
      navigator.sendBeacon('/slow?beacon', 'x');
      await fetch('http://127.0.0.1:9/refused').catch(() => {});
    });
    await h.said('requested');
    await h.server.until(() => h.server.events.some((e) => e.network?.url.endsWith('/refused')), 'the request that failed');
    const errors = Object.fromEntries(
      h.server.events
        .filter((e) => e.network)
        .map((e) => [new URL(e.network!.url).search || new URL(e.network!.url).pathname, e.network!.error]),
    );
    expect(errors).toMatchObject({ '?fetch': 'aborted', '?xhr': 'aborted', '?beacon': '' });
    expect(errors['/refused']).toMatch(/TypeError/);
  });

  test('a request that ends with its page is not a failure', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/silent`;
    h.server.pages['/'] = html('');
    h.server.pages['/next'] = '<title>Next</title>';
    await h.open();
    await h.page.evaluate((url) => {
      void fetch(`${url}?fetch`).catch(() => {});
      const xhr = new XMLHttpRequest();
      xhr.open('GET', `${url}?xhr`);
      xhr.send();
    }, address);
    await h.page.waitForTimeout(200);
    await h.page.goto(`${h.server.origin}/next`);
    const ended = () => h.server.events.filter((e) => e.network?.url.includes('/silent'));
    await h.server.until(() => ended().length > 0, 'the requests of the page that was left');
    await h.page.waitForTimeout(500);
    expect(new Set(ended().map((e) => e.network!.error))).toEqual(new Set(['aborted']));
    silent.close();
  });

  test('the requests of an application that loads its parts are all recorded', async () => {
    h.server.pages['/'] = html('');
    h.server.pages['/part'] = 'part';
    await h.open();
    await h.page.evaluate(() => Promise.all(Array.from({ length: 300 }, (_, i) => fetch(`/part?${i}`).then((r) => r.text()))));
    await h.said('loaded');
    expect(h.server.events.filter((e) => e.network?.url.includes('/part?')).length).toBe(300);
    expect(h.server.events.filter((e) => e.gap)).toEqual([]);
  });
});
