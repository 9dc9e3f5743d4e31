import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { NO_TRACES, html, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('taking consent back', () => {
  const h = useHarness();
  const unavailable = () => Array.from({ length: 10_000 }, () => ({ status: 503, headers: { 'Retry-After': '1' } }));
  const withdraw = (page = h.page) => page.evaluate(() => window.SessionReplay!.current()!.setConsent(false));
  const kept = () => h.page.evaluate(async () => [...Object.keys(localStorage), ...(await indexedDB.databases()).map(({ name }) => name)]);

  test('what waits to be sent is dropped, in the browser\'s stores and in the worker, which ends', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    h.server.failures = unavailable();
    await h.open();
    await h.page.evaluate(() => window.SessionReplay!.current()!.track('before', {}));
    await h.flush();
    await expect.poll(() => h.waiting()).toBeGreaterThanOrEqual(2);
    await withdraw();
    await expect.poll(kept).toEqual([]);
    await expect.poll(() => h.page.workers().length).toBe(0);
    h.server.failures = [];
    await h.page.evaluate(() => window.SessionReplay!.current()!.track('after', {}));
    // Neither a page that goes nor the next one sends anything.
    await h.page.goto(`${h.server.origin}/nowhere`);
    h.server.pages['/'] = html('<p>x</p>', 'data-consent=required');
    await h.open();
    expect(await h.traces()).toEqual(NO_TRACES);
    expect(h.server.batches).toEqual([]);
    // Given again it holds for what comes, and brings nothing back.
    await h.page.evaluate(() => window.SessionReplay!.current()!.setConsent(true));
    await h.server.until(() => h.server.batches.length > 0, 'a batch after consent');
    await h.said('end');
    expect(h.allText()).not.toMatch(/before|after/);
  });

  test('a request on its way is called back, and what is being prepared is not kept', async () => {
    h.server.pages['/'] = html(`<p>x</p><style>${Array.from({ length: 100 }, (_, i) => `.c${i} { margin: ${i}px }`).join('')}</style>`);
    h.server.assetDelayMs = 3000;
    await h.open();
    await h.server.until(
      () => h.server.paths.some((path) => path.endsWith('/assets/missing')),
      'the question for assets, for which the snapshot waits',
    );
    const session = await h.page.evaluate(() => window.SessionReplay!.current()!.sessionId);
    await withdraw();
    await expect.poll(() => h.traces()).toEqual(NO_TRACES);
    await h.server.until(() => h.server.assetsHeld > 0, 'the answer that the snapshot waited for');
    h.server.assetDelayMs = 0;
    await h.nextPage();
    expect(h.server.batches.map((b) => b.session)).not.toContain(session);
  });

  test('what was stopped before, and has not been sent, is dropped too', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    h.server.failures = unavailable();
    await h.open();
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.track('stopped', {});
      window.SessionReplay!.current()!.stop();
    });
    await expect.poll(() => h.waiting()).toBeGreaterThanOrEqual(1);
    await withdraw();
    h.server.failures = [];
    await expect.poll(kept).toEqual([]);
    await h.nextPage();
    expect(h.allText()).not.toContain('stopped');
  });

  test('what earlier pages left is dropped by a page that records nothing', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    h.server.pages['/quiet'] = html('<p>x</p>', 'data-consent=required');
    h.server.failures = unavailable();
    await h.open();
    await expect.poll(() => h.waiting()).toBeGreaterThanOrEqual(1);
    await h.open('/quiet');
    expect(await h.waiting()).toBeGreaterThanOrEqual(1);
    await withdraw();
    await expect.poll(kept).toEqual([]);
    h.server.failures = [];
  });

  test('it ends in other tabs too, until it is given there again', async () => {
    h.server.pages['/'] = html('<p id=p>x</p>');
    const other = await h.openTwice();
    await withdraw();
    await other.waitForFunction(() => window.SessionReplay!.current()!.sessionId === undefined);
    await other.evaluate(() => {
      document.getElementById('p')!.textContent = 'late';
      window.SessionReplay!.current()!.start();
    });
    await other.goto(`${h.server.origin}/nowhere`);
    expect(await h.traces(other)).toEqual(NO_TRACES);
    await h.nextPage(other);
    expect(h.allText()).not.toContain('late');
  });

  test('a page that the browser had put aside sees it when it comes back', async () => {
    h.server.pages['/'] = html('<p id=p>x</p>');
    h.server.pages['/other'] = html('<p>x</p>', 'data-consent=required');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    // As the browser does it: the page hears of nothing, and then is shown again.
    await h.page.evaluate(() => {
      localStorage.removeItem('session-replay');
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      document.getElementById('p')!.textContent = 'late';
    });
    expect(await h.page.evaluate(() => window.SessionReplay!.current()!.sessionId)).toBeUndefined();
    await h.nextPage();
    expect(h.allText()).not.toContain('late');
  });

  test('in mode "onError" what is kept in memory is gone', async () => {
    h.server.pages['/'] = html('<p>secret-text</p>', 'data-mode=onError data-user-id=u7');
    await h.open();
    await withdraw();
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.trigger();
      window.SessionReplay!.current()!.flush();
    });
    await expect.poll(() => h.traces()).toEqual(NO_TRACES);
    await h.nextPage();
    expect(h.allText()).not.toContain('secret-text');
  });

  test('opting out in one tab drops what others have not sent, and opting in brings none of it back', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    h.server.failures = unavailable();
    await h.open();
    const other = await h.context.newPage();
    await h.open('/', other);
    await other.evaluate(() => window.SessionReplay!.current()!.track('of-the-other', {}));
    await h.flush(other);
    await expect.poll(() => h.waiting()).toBeGreaterThanOrEqual(3);
    await h.page.evaluate(() => window.SessionReplay!.current()!.optOut());
    await other.waitForFunction(() => window.SessionReplay!.current()!.sessionId === undefined);
    await expect.poll(kept).toEqual(['session-replay-opt-out']);
    h.server.failures = [];
    await other.evaluate(() => window.SessionReplay!.current()!.optIn());
    await h.server.until(() => h.server.batches.length > 0, 'a batch after the opt-in');
    await h.said('end', other);
    expect(h.allText()).not.toContain('of-the-other');
  });

  test('begun and stopped again and again, no worker is left over', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    await h.open();
    for (let i = 0; i < 5; i++) {
      await h.page.evaluate(async () => {
        window.SessionReplay!.current()!.stop();
        window.SessionReplay!.current()!.start();
        await window.SessionReplay!.current()!.ready;
      });
    }
    await h.server.until(() => new Set(h.server.batches.map((b) => b.window)).size === 6, 'six windows');
    await expect.poll(() => h.page.workers().length).toBe(1);
    expect(h.server.batches.filter((b) => b.batch.last).length).toBeLessThanOrEqual(5);
  });
});
