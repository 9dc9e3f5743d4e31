import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, htmlWith, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('the page behaves as without the recorder', () => {
  const h = useHarness();

  test('functions of the browser look as before', async () => {
    h.server.pages['/plain'] = '<!doctype html><p>x</p>';
    h.server.pages['/'] = html('<p>x</p>', 'data-network=full');
    const look = () =>
      h.page.evaluate(() => {
        const functions: [string, Function][] = [
          ['fetch', fetch], ['open', XMLHttpRequest.prototype.open], ['send', XMLHttpRequest.prototype.send],
          ['beacon', navigator.sendBeacon], ['log', console.log], ['error', console.error], ['push', history.pushState],
          ['replace', history.replaceState],
        ];
        return functions.map(([name, f]) => [
          name,
          f.toString(),
          f.name,
          f.length,
          Object.getOwnPropertyNames(f).sort().join(),
          Function.prototype.toString.call(f).includes('[native code]'),
          `${Object.hasOwn(navigator, 'sendBeacon')} ${Object.hasOwn(history, 'pushState')}`,
        ]);
      });
    await h.open('/plain');
    const before = await look();
    await h.open('/');
    expect(await h.page.evaluate(() => Boolean(window.SessionReplay!.current()!.sessionId))).toBe(true);
    expect(await look()).toEqual(before);
  });

  test('an unhandled rejection of fetch stays unhandled, a handled one handled', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    await h.open();
    const seen = await h.page.evaluate(async () => {
      const reasons: string[] = [];
      addEventListener('unhandledrejection', (e) => {
        e.preventDefault();
        reasons.push(String((e.reason as Error).name));
      });
      void fetch('http://127.0.0.1:1/unhandled');
      await fetch('http://127.0.0.1:1/handled').catch(() => undefined);
      for (let i = 0; i < 600 && reasons.length === 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      // Whatever is reported too much comes with the next turns.
      await new Promise((resolve) => setTimeout(resolve, 200));
      return reasons;
    });
    expect(seen).toEqual(['TypeError']);
  });

  test('streams, aborts on the way and arguments that are no address', async () => {
    h.server.pages['/'] = html('<p>x</p>', 'data-network=full');
    h.server.pages['/big.json'] = JSON.stringify({ text: 'x'.repeat(300_000) });
    await h.open();
    const result = await h.page.evaluate(async () => {
      const streamed = await fetch('/big.json');
      let bytes = 0;
      const reader = streamed.body!.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        bytes += part.value.length;
      }
      const controller = new AbortController();
      const half = await fetch('/big.json', { signal: controller.signal });
      controller.abort(new DOMException('mine', 'AbortError'));
      const aborted = await half.text().then(() => 'whole', (e: Error) => `${e.name} ${e.message}`);
      const bad = await fetch('http://').then(() => 'no', (e: Error) => e.name);
      const thrown = (() => {
        try {
          new XMLHttpRequest().open('BAD METHOD', '/x');
          return 'no';
        } catch (e) {
          return (e as Error).name;
        }
      })();
      const request = new Request('/big.json', { method: 'POST', body: 'payload' });
      const used = (await fetch(request)).status === 200 && request.bodyUsed;
      return { bytes, aborted, bad, thrown, used };
    });
    expect(result).toEqual({ bytes: 300_011, aborted: 'AbortError mine', bad: 'TypeError', thrown: 'SyntaxError', used: true });
    expect(h.pageErrors).toEqual([]);
  });

  test('an XMLHttpRequest that is opened again is recorded once for each request', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    h.server.pages['/a.json'] = '{"a":1}';
    h.server.pages['/b.json'] = '{"b":1}';
    await h.open();
    await h.page.evaluate(() => new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/a.json');
      xhr.send();
      xhr.open('GET', '/b.json');
      xhr.onload = resolve;
      xhr.send();
    }));
    await h.flush();
    await h.server.until(() => h.server.events.some((e) => e.network), 'the request');
    expect(h.server.events.flatMap((e) => (e.network ? [new URL(e.network.url).pathname] : []))).toEqual(['/b.json']);
  });

  test('after stop() all is as it was, also under a wrapper that came later', async () => {
    h.server.pages['/'] = '<!doctype html><script src="/session-replay/recorder.js"></script><body>x</body>';
    h.server.pages['/d.json'] = '{}';
    await h.open();
    const result = await h.page.evaluate(async () => {
      const [nativeFetch, nativeOpen, nativeLog] = [window.fetch, XMLHttpRequest.prototype.open, console.log];
      window.SessionReplay!.init('wk');
      await window.SessionReplay!.current()!.ready;
      const patched = window.fetch;
      let wrapped = 0;
      window.fetch = (...args) => {
        wrapped++;
        return patched(...args);
      };
      window.SessionReplay!.current()!.stop();
      const status = (await fetch('/d.json')).status;
      return {
        wasPatched: patched !== nativeFetch, open: XMLHttpRequest.prototype.open === nativeOpen, log: console.log === nativeLog, wrapped,
        status,
      };
    });
    expect(result).toEqual({ wasPatched: true, open: true, log: true, wrapped: 1, status: 200 });
    expect(h.server.events.filter((e) => e.network)).toEqual([]);
  });

  test('options and arguments that make no sense reach onError and not the page', async () => {
    h.server.pages['/'] = htmlWith(`endpoint: 'http://:bad:'`, '<p>x</p>');
    await h.open();
    await h.page.evaluate(() => {
      const client = window.SessionReplay!.current()!;
      const evil = { toString: () => { throw new Error('evil'); } } as unknown as string;
      client.track(evil);
      client.identify(evil);
      client.addError(evil);
      client.setConsent(true);
      client.flush();
      client.stop();
      client.start();
    });
    expect((await h.failures())[0]).toContain('options: ');
    expect(h.pageErrors).toEqual([]);
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    await h.open();
    await h.page.evaluate(() =>
      window.SessionReplay!.current()!.track({
        toString: () => {
          throw new Error('evil');
        },
      } as unknown as string),
    );
    expect(await h.failures()).toEqual(['track: Error: evil']);
    expect(h.pageErrors).toEqual([]);
  });

  test('a console line contains where the page wrote it', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    await h.open();
    await h.page.evaluate(() => {
      function whereItWasWritten(): void {
        console.error('boom');
      }
      whereItWasWritten();
    });
    await h.flush();
    await h.server.until(() => h.server.events.some((e) => e.console), 'the line');
    expect(h.server.events.find((e) => e.console)!.console!.stack.split('\n')[0]).toContain('whereItWasWritten');
  });

  test('across origins no request needs a preflight', async () => {
    const { TestServer } = await import('./support/server.ts');
    const shop = new TestServer();
    await shop.start();
    try {
      shop.pages['/'] = html('<p>cross-origin-text</p>', '', `${h.server.origin}/session-replay`);
      await h.page.goto(`${shop.origin}/`);
      await h.page.evaluate(() => window.SessionReplay!.current()!.ready);
      await h.server.until(() => h.allText().includes('cross-origin-text'), 'the snapshot on the other origin');
      await h.nextPage();
      expect(h.server.paths.filter((path) => path.startsWith('OPTIONS'))).toEqual([]);
      expect(h.server.paths).toContain('POST /session-replay/v1/batches');
      expect(h.server.paths).toContain('GET /session-replay/recorder.worker.js');
    } finally {
      await shop.stop();
    }
  });
});
