import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { NO_TRACES, html, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('the recorder in a real browser', () => {
  const h = useHarness();

  test('records the page, numbers its batches without gaps, and says who sends', async () => {
    h.server.pages['/'] = html(
      '<h1>Hello</h1><button id=b>Go</button><ul id=l></ul>',
      'data-user-id="u1" data-user-email="u1@example.org" data-app-version="1.2"',
    );
    await h.open();
    for (let i = 0; i < 30; i++) {
      await h.page.evaluate((n) => document.getElementById('l')!.insertAdjacentHTML('beforeend', `<li>item ${n}</li>`), i);
    }
    await h.page.click('#b');
    await h.page.evaluate(() => {
      console.warn('careful', { a: 1 });
      window.SessionReplay!.current()!.track('bought', { price: 3 });
    });
    await h.flush();
    await h.server.until(() => h.allText().includes('item 29') && h.server.events.some((e) => e.custom), 'the last item');

    const seqs = h.server.batches.map((b) => b.batch.seq).sort((a, b) => a - b);
    expect(seqs).toEqual(seqs.map((_, i) => i));
    expect(new Set(h.server.batches.map((b) => b.session)).size).toBe(1);
    const first = h.server.batches.find((b) => b.batch.seq === 0)!;
    expect(first.dom.map((e) => e.type)).toContain(2);
    expect(first.batch.page).toMatchObject({ title: 'T', app_version: '1.2', url: `${h.server.origin}/` });
    expect(h.server.events.find((e) => e.identify)?.identify).toMatchObject({ user_id: 'u1', email: 'u1@example.org' });
    expect(h.server.events.find((e) => e.custom)?.custom).toMatchObject({ name: 'bought', properties_json: '{"price":3}' });
    expect(h.server.events.find((e) => e.console)?.console).toMatchObject({ level: 'warn', args: ['careful', '{"a":1}'] });
    expect(h.server.events.find((e) => e.navigation)?.navigation).toMatchObject({ type: 'load' });
    expect(h.server.batches.flatMap((b) => b.dom).some((e) => e.type === 3 && e.data['source'] === 2 && e.data['type'] === 2)).toBe(true);
    expect(h.pageErrors).toEqual([]);
  });

  test('never sends what is typed, nor a password that is shown as text, nor private text', async () => {
    h.server.pages['/'] = html(`<form><input id=name name=name><input id=pw type=password><input id=card name=card autocomplete=cc-number>
      <textarea id=note></textarea><input type=hidden id=h value="hidden-secret-1"></form><p data-sr-mask>private-text-1</p><p class=sr-block>blocked-text-1</p><p>public-text</p>`,
      'data-unmask-input-selector="#name,#pw,#card,#h"');
    await h.open();
    await h.page.fill('#name', 'Visible Name');
    await h.page.fill('#pw', 'pass-secret-1');
    await h.page.evaluate(() => document.getElementById('pw')!.setAttribute('type', 'text'));
    await h.page.fill('#pw', 'pass-secret-2');
    await h.page.fill('#card', '4111111111111111');
    await h.page.fill('#note', 'note-secret-1');
    await h.said('all typed');
    expect(h.allText()).toContain('Visible Name');

    const text = h.allText();
    expect(text).toContain('public-text');
    for (const secret of [
      'pass-secret-1', 'pass-secret-2', '4111111111111111', 'note-secret-1', 'hidden-secret-1', 'private-text-1', 'blocked-text-1',
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  test('sends nothing and stores nothing before consent, and everything after', async () => {
    h.server.pages['/'] = html('<p>hi</p>', 'data-consent="required"');
    await h.open();
    await h.page.evaluate(() => window.SessionReplay!.current()!.track('before consent', {}));
    await h.flush();
    expect(await h.traces()).toEqual(NO_TRACES);
    expect(h.server.paths.filter((p) => p.includes('/v1/'))).toEqual([]);

    await h.page.evaluate(() => window.SessionReplay!.current()!.setConsent(true));
    await h.said('after consent');
    expect(h.server.events.flatMap((e) => e.custom?.name ?? [])).toEqual(['after consent']);
    expect(h.server.batches[0]!.batch.seq).toBe(0);
    expect(await h.traces()).toMatchObject({ workers: 1, databases: ['session-replay'] });
  });

  test('opt-out erases local state, asks for deletion, and lasts', async () => {
    h.server.pages['/'] = html('<p>hi</p>');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the first batch');
    const session = await h.page.evaluate(() => window.SessionReplay!.current()!.sessionId!);
    await h.page.evaluate(() => window.SessionReplay!.current()!.optOut());
    await h.server.until(() => h.server.forgotten.length > 0, 'the request to forget');
    expect(h.server.forgotten).toEqual([session]);
    await h.open();
    expect(await h.traces()).toEqual({ ...NO_TRACES, local: ['session-replay-opt-out'] });
    const before = h.server.batches.length;
    await h.page.evaluate(() => window.SessionReplay!.current()!.optIn());
    await h.said('opted in');
    expect(new Set(h.server.batches.slice(before).map((b) => b.window)).size).toBe(1);
  });

  test("the page's fetch and XHR behave exactly as without the recorder", async () => {
    h.server.pages['/'] = html('<p>x</p>');
    h.server.pages['/data.json'] = '{"a":1}';
    await h.open();
    const result = await h.page.evaluate(async () => {
      const json = (await (await fetch('/data.json')).json()) as { a: number };
      const aborted = await (async () => {
        const controller = new AbortController();
        controller.abort();
        return fetch('/data.json', { signal: controller.signal }).then(() => 'no', (e: Error) => e.name);
      })();
      const failed = await fetch('http://127.0.0.1:1/').then(() => 'no', (e: Error) => e.name);
      const xhr = await new Promise<string>((resolve) => {
        const request = new XMLHttpRequest();
        request.open('GET', '/data.json');
        request.onload = () => resolve(request.responseText);
        request.send();
      });
      return {
        a: json.a, aborted, failed, xhr, native: fetch.toString().includes('[native code]'), length: fetch.length, name: fetch.name,
      };
    });
    expect(result).toEqual({ a: 1, aborted: 'AbortError', failed: 'TypeError', xhr: '{"a":1}', native: true, length: 1, name: 'fetch' });
    await h.flush();
    await h.server.until(() => h.server.events.filter((e) => e.network).length >= 4, 'four requests');
    const requests = h.server.events.flatMap((e) => (e.network ? [e.network] : []));
    expect(requests.some((r) => r.status === 200 && r.initiator === 'fetch' && r.url.endsWith('/data.json'))).toBe(true);
    expect(requests.some((r) => r.status === 200 && r.initiator === 'xhr')).toBe(true);
    expect(requests.some((r) => r.status === 0 && r.error === 'aborted')).toBe(true);
    expect(requests.every((r) => !r.url.includes('/session-replay/'))).toBe(true);
  });

  test('a tab that comes to the front says so', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    await h.open();
    await h.page.evaluate(() => {
      const show = (state: string): void => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      show('hidden');
      show('visible');
    });
    await h.said('end');
    expect(h.server.events.flatMap((e) => (e.interaction ? [e.interaction.type] : []))).toEqual(['tab_shown']);
  });

  test('stylesheets travel once, by their hash', async () => {
    const css = `body { color: red } ${Array.from({ length: 100 }, (_, i) => `.c${i} { margin: ${i}px }`).join('\n')}`;
    h.server.pages['/style.css'] = css;
    h.server.pages['/'] =
      `<!doctype html><html><head><link rel=stylesheet href=/style.css><script src="/session-replay/recorder.js" data-write-key="wk"></script></head><body>styled</body></html>`;
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    // Not a reload: a page that goes before it has the answer sends its snapshot once more, with the stylesheet in it.
    await h.open('/', await h.context.newPage());
    await h.server.until(() => new Set(h.server.batches.map((b) => b.window)).size > 1, 'the second snapshot');
    expect(h.server.assets.size).toBe(1);
    expect([...h.server.assets.values()][0]).toContain('.c99');
    expect(h.allText()).not.toContain('.c99');
    expect(h.allText()).toContain(`sr-asset:${[...h.server.assets.keys()][0]}`);
  });

  test('errors, rage clicks and navigation without a load are recorded', async () => {
    h.server.pages['/'] = html('<button id=b>dead</button>');
    await h.open();
    await h.page.evaluate(() => {
      setTimeout(() => {
        throw new TypeError('boom-1');
      }, 0);
      void Promise.reject(new Error('boom-2'));
      history.pushState({}, '', '/other');
    });
    // In one go: four clicks of the driver can take longer than a rage click may.
    await h.page.evaluate(() => {
      for (let i = 0; i < 4; i++) {
        document.getElementById('b')!.click();
      }
    });
    // A change of address waits a second for the title that comes with it.
    await h.page.waitForTimeout(1_100);
    await h.flush();
    await h.server.until(
      () =>
        h.server.events.some((e) => e.interaction)
        && h.server.events.filter((e) => e.error).length >= 2
        && h.server.events.filter((e) => e.navigation).length >= 2,
      'a rage click, the errors and the change of address',
    );
    expect(h.server.events.flatMap((e) => (e.error ? [`${e.error.source} ${e.error.name} ${e.error.message}`] : [])).sort()).toEqual([
      'error TypeError boom-1',
      'unhandledrejection Error boom-2',
    ]);
    expect(h.server.events.flatMap((e) => (e.navigation ? [e.navigation.type] : []))).toEqual(['load', 'push']);
    expect(h.server.events.find((e) => e.interaction)?.interaction).toMatchObject({ type: 'rage_click', target: 'button#b' });
  });

  test('the server can only make it stricter: disabled means nothing is sent', async () => {
    h.server.settings = { enabled: false };
    h.server.pages['/'] = html('<p>x</p>');
    await h.open();
    expect(await h.traces()).toMatchObject({ session: undefined, workers: 0, databases: [] });
    // The session was not chosen to be recorded, and stays so.
    await h.page.evaluate(() => localStorage.clear());
    h.server.settings = {};
    await h.nextPage();
    expect(new Set(h.server.batches.map((b) => b.window)).size).toBe(1);
  });

  test('a snapshot does not lay out what content-visibility: auto skips', async () => {
    h.server.pages['/'] =
      `<!doctype html><html><head><style>.r { content-visibility: auto; contain-intrinsic-size: 40px; }</style></head><body>
      ${Array.from({ length: 5000 }, (_, i) => `<div class=r><p>row ${i}</p><span>a</span></div>`).join('')}
      <script src="/session-replay/recorder.js"></script></body></html>`;
    await h.page.goto(h.server.origin);
    // Counted instead of timed: how often what lies in the 10,000 rows' elements is asked for its position; those on the screen are.
    const asked = await h.page.evaluate(async () => {
      const own = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollTop')!;
      let count = 0;
      Object.defineProperty(Element.prototype, 'scrollTop', {
        ...own,
        get(this: Element) {
          count += this.matches('.r *') ? 1 : 0;
          return own.get!.call(this) as number;
        },
      });
      window.SessionReplay!.init('wk');
      await window.SessionReplay!.current()!.ready;
      return count;
    });
    await h.server.until(() => h.allText().includes('row 4999'), 'the snapshot');
    expect(asked).toBeLessThan(500);
  });
});
