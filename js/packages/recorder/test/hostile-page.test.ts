import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, htmlWith, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('a page that breaks things is not broken further, and does not make the recorder grow without bound', () => {
  const h = useHarness();
  const lost = () => h.server.batches.reduce((sum, b) => sum + b.batch.lost_events, 0);

  test.each([
    ['JSON', 'stringify'],
    ['JSON', 'parse'],
    ['Object', 'keys'],
    ['Object', 'fromEntries'],
    ['Object', 'getOwnPropertyDescriptor'],
    ['Date', 'now'],
    ['performance', 'getEntriesByName'],
    ['Array.prototype', 'push'],
    ['Array.prototype', 'map'],
    ['Array.prototype', 'find'],
    ['Array.prototype', 'slice'],
    ['Array.prototype', 'filter'],
    ['String.prototype', 'slice'],
    ['String.prototype', 'replace'],
    ['String.prototype', 'split'],
    ['Map.prototype', 'set'],
    ['Set.prototype', 'add'],
    ['Node.prototype', 'getRootNode'],
    ['Worker.prototype', 'postMessage'],
    ['Headers.prototype', 'get'],
    ['Response.prototype', 'clone'],
    ['window', 'URL'],
  ])('%s.%s of the page throws', async (owner, name) => {
    h.server.pages['/'] = html('<button id=b>b</button><input id=i><p id=p>x</p>', 'data-network=full');
    h.server.pages['/data.json'] = '{"a":1}';
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    const result = await h.page.evaluate(
      async ([of, what]) => {
        const holder = (
          of === 'window' ? window : of!.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], window)
        ) as Record<string, unknown>;
        const [own, log, get, open, send, push] = [
          holder[what!], console.log, fetch, XMLHttpRequest.prototype.open, XMLHttpRequest.prototype.send, history.pushState,
        ];
        const seen: string[] = [];
        let response: Promise<Response> | undefined;
        holder[what!] = () => {
          throw new Error('broken by the page');
        };
        // What belongs to the recorder is called; what comes of it is looked at when the page is whole again.
        const attempt = (part: string, run: () => void): void => {
          try {
            run();
          } catch (error) {
            seen.push(`${part}: ${String(error)}`);
          }
        };
        attempt('log', () => log.call(console, 'a line', { a: [1] }, new Error('e')));
        attempt('fetch', () => (response = get('/data.json')));
        attempt('push', () => push.call(history, {}, '', '/pushed'));
        attempt('xhr', () => {
          const xhr = new XMLHttpRequest();
          open.call(xhr, 'GET', '/data.json', true);
          send.call(xhr);
        });
        attempt('beacon', () => navigator.sendBeacon('/data.json', 'x'));
        attempt('click', () => document.getElementById('b')!.click());
        attempt('change', () => (document.getElementById('p')!.textContent = 'changed'));
        attempt('input', () => {
          (document.getElementById('i') as HTMLInputElement).value = 'x';
          document.getElementById('i')!.dispatchEvent(new Event('input', { bubbles: true }));
        });
        attempt('track', () => {
          window.SessionReplay!.current()!.track('x', { a: 1 });
          window.SessionReplay!.current()!.flush();
        });
        await new Promise((resolve) => setTimeout(resolve, 100));
        holder[what!] = own;
        return { seen, status: (await response)?.status };
      },
      [owner, name],
    );
    expect(result).toEqual({ seen: [], status: 200 });
    expect(h.pageErrors).toEqual([]);
    // And it goes on.
    await h.said('whole again');
  });

  test('what is logged is not run, not walked without end, and not held up by', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    await h.open();
    const ran = await h.page.evaluate(() => {
      let ran = 0;
      const bomb = {
        get value(): string {
          ran++;
          throw new Error('a getter');
        },
        toString: () => {
          ran++;
          throw new Error('toString');
        },
        toJSON: () => {
          ran++;
          throw new Error('toJSON');
        },
      };
      const failing = new Error('shown');
      Object.defineProperty(failing, 'stack', { get: () => { throw new Error('stack'); } });
      const odd = Object.assign(new Error(), { message: { not: 'a text' }, stack: 5, name: null });
      const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));
      let deep: object = {};
      for (let i = 0; i < 100_000; i++) {
        deep = { deep };
      }
      const proxy = new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('ownKeys');
          },
          getPrototypeOf: () => {
            throw new Error('getPrototypeOf');
          },
        },
      );
      for (const value of [
        bomb, failing, odd, wide, deep, proxy, new Uint8Array(50_000_000), new Float64Array(1e6), Object.create(null), Symbol('s'), 10n,
        new Date(NaN), new Date(0), 'x'.repeat(5_000_000), document, window,
      ]) {
        console.log(value);
        console.error(value);
      }
      console.log('the last');
      return ran;
    });
    expect(ran).toBe(0);
    await h.said('end');
    const lines = h.server.events.flatMap((e) => (e.console ? e.console.args : []));
    expect(lines).toContain('the last');
    expect(lines).toContain('Uint8Array(50000000 bytes)');
    expect(lines).toContain('1970-01-01T00:00:00.000Z');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2100);
    expect(h.pageErrors).toEqual([]);
  });

  test('names of elements, and variables, in the place of what the browser says', async () => {
    h.server.pages['/'] = htmlWith(
      '',
      '<img name=title><img name=referrer><form name=images><input name=id><input name=classList><input name=closest><button id=b type=button>b</button></form><p>shown</p>',
    ).replace(
      '<head>',
      '<head><script>var screen = "mine", devicePixelRatio = NaN, innerWidth = -1; Object.defineProperty(navigator, "language", { get() { throw new Error("mine"); } })</script>',
    );
    await h.open();
    for (let i = 0; i < 4; i++) {
      await h.page.evaluate(() => document.getElementById('b')!.click());
    }
    await h.page.evaluate(() => history.pushState({}, '', '/2'));
    // A change of address waits a second for the title that comes with it.
    await h.page.waitForTimeout(1_100);
    await h.said('end');
    expect(h.allText()).toContain('shown');
    expect(h.server.batches[0]!.batch.page).toMatchObject({
      title: '', screen_width: 0, device_pixel_ratio: 0, viewport_width: 0, language: '',
    });
    expect(h.server.events.flatMap((e) => (e.navigation ? [e.navigation.type] : []))).toContain('push');
    expect(h.pageErrors).toEqual([]);
  });

  test('functions that the page has made read-only', async () => {
    h.server.pages['/'] = html('<p>shown</p>').replace(
      '<head>',
      '<head><script>Object.freeze(console); Object.freeze(History.prototype); Object.defineProperty(window, "fetch", { value: fetch, writable: false })</script>',
    );
    await h.open();
    await h.page.evaluate(() => {
      console.log('a line');
      setTimeout(() => {
        throw new Error('caught all the same');
      }, 0);
    });
    await h.server.until(() => h.allText().includes('shown'), 'the snapshot');
    await h.flush();
    await h.server.until(() => h.server.events.some((e) => e.error), 'the error');
    await h.page.evaluate(() => window.SessionReplay!.current()!.stop());
    expect(h.pageErrors).toEqual(['caught all the same']);
  });

  test('100,000 nodes at once, again and again', async () => {
    h.server.pages['/'] = htmlWith('', '<div id=l></div>');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.page.evaluate(async () => {
      const list = document.getElementById('l')!;
      for (let i = 0; i < 3; i++) {
        const rows = document.createDocumentFragment();
        for (let j = 0; j < 33_000; j++) {
          rows.append(Object.assign(document.createElement('p'), { textContent: `${i}/${j}` }));
        }
        list.replaceChildren(rows);
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    });
    await h.said('end');
    expect(h.allText()).toContain('2/32999');
    expect(await h.failures()).toEqual([]);
    expect(h.pageErrors).toEqual([]);
  });

  test('elements that nest deeper than the call stack allows', async () => {
    h.server.pages['/'] = htmlWith('', '<p>shown</p>');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.page.evaluate(async () => {
      let node: Element = document.body;
      for (let i = 0; i < 2000; i++) {
        const child = document.createElement('div');
        node.append(child);
        node = child;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      // A snapshot of it cannot be taken or written: it is given up and reported, and not tried without end.
      window.SessionReplay!.current()!.stop();
      window.SessionReplay!.current()!.start();
      await window.SessionReplay!.current()!.ready;
      document.body.replaceChildren();
    });
    await h.said('end');
    expect(h.pageErrors).toEqual([]);
  });

  test('lines, errors and requests without end: so many a second, the rest counted', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    h.server.pages['/data.json'] = '{}';
    await h.open();
    const times = await h.page.evaluate(async () => {
      const from = Date.now();
      for (let i = 0; i < 20_000; i++) {
        console.log('line', i);
      }
      for (let i = 0; i < 2000; i++) {
        dispatchEvent(new ErrorEvent('error', { error: new Error(`e${i}`) }));
      }
      for (let i = 0; i < 25; i++) {
        await Promise.all(Array.from({ length: 100 }, () => fetch('/data.json')));
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      return [from, Date.now()];
    });
    await h.said('end');
    const seconds = Math.ceil((times[1]! - times[0]!) / 1000) + 1;
    const count = (kind: 'console' | 'error' | 'network') => h.server.events.filter((e) => e[kind]).length;
    expect(count('console')).toBeLessThanOrEqual(100 * seconds);
    expect(count('error')).toBeLessThanOrEqual(50 * seconds);
    expect(count('network')).toBeLessThanOrEqual(1000 * (Math.ceil(seconds / 10) + 1));
    await h.said('after');
    expect(count('console') + count('error') + count('network') + lost()).toBe(24_500);
    expect(h.pageErrors.filter((e) => !/^e\d+$/.test(e))).toEqual([]);
  });

  test('a page that records itself recording', async () => {
    h.server.pages['/'] = htmlWith("onError: () => console.error('failed')", '<p id=p>x</p>').replace('<head>', `<head><script>
      const log = console.log; console.log = (...args) => { log(...args); console.warn('also'); };
      new MutationObserver(() => { if (document.title.length < 500) { document.title += 'x'; } }).observe(document, { subtree: true, childList: true, characterData: true });</script>`,
    );
    await h.open();
    await h.page.evaluate(() => {
      console.log('once');
      document.getElementById('p')!.textContent = 'changed';
    });
    await h.said('end');
    expect(h.server.events.flatMap((e) => (e.console ? e.console.args : [])).filter((line) => line === 'once')).toHaveLength(1);
    expect(h.pageErrors).toEqual([]);
  });
});
