import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { NO_TRACES, html, htmlWith, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('the visitor has the say', () => {
  const h = useHarness();
  const sent = () => h.server.paths.filter((path) => path.includes('/v1/'));

  test.each([
    ['doNotTrack', '1'],
    ['globalPrivacyControl', true],
  ])('%s is honoured when asked to, without any request', async (name, value) => {
    await h.context.addInitScript(
      ([key, v]) => Object.defineProperty(Navigator.prototype, key as string, { get: () => v, configurable: true }),
      [name, value] as const,
    );
    h.server.pages['/'] = html('<p>x</p>', 'data-respect-do-not-track');
    await h.open();
    expect(await h.traces()).toEqual(NO_TRACES);
    expect(sent()).toEqual([]);

    // The server can ask for it as well.
    h.server.pages['/'] = html('<p>x</p>');
    h.server.settings = { respectDoNotTrack: true };
    await h.open();
    expect(await h.traces()).toMatchObject({ session: undefined, workers: 0, databases: [] });

    h.server.settings = {};
    await h.open();
    await h.said('where it is not asked for');
    expect(new Set(h.server.batches.map((b) => b.window)).size).toBe(1);
  });

  test('an opt-out ends the recording in other tabs too', async () => {
    h.server.pages['/'] = html('<p id=p>x</p>');
    const other = await h.openTwice();
    await h.page.evaluate(() => window.SessionReplay!.current()!.optOut());
    await other.waitForFunction(() => window.SessionReplay!.current()!.sessionId === undefined);
    await other.evaluate(() => window.SessionReplay!.current()!.track('late', {}));
    await h.flush(other);
    await expect.poll(() => h.traces(other)).toEqual({ ...NO_TRACES, local: ['session-replay-opt-out'] });
    await h.page.evaluate(() => window.SessionReplay!.current()!.optIn());
    await h.nextPage(other);
    expect(h.allText()).not.toContain('late');
    expect(h.pageErrors).toEqual([]);
  });

  test('a deletion that could not be asked for is asked for by the next page, and nothing of the session stays in the browser', async () => {
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    h.server.failures = Array.from({ length: 100 }, () => ({ status: 503, headers: { 'Retry-After': '600' } }));
    await h.open();
    const session = await h.page.evaluate(() => window.SessionReplay!.current()!.sessionId!);
    await h.server.until(() => h.server.failures.length < 100, 'the first attempt');
    h.server.forgetStatus = 503;
    await h.page.evaluate(() => window.SessionReplay!.current()!.optOut());
    expect((await h.failures()).at(-1)).toContain('503');
    expect(await h.page.evaluate(() => Object.keys(localStorage).sort())).toEqual(['session-replay-forget', 'session-replay-opt-out']);
    await expect.poll(() => h.waiting()).toBe(0);

    h.server.forgetStatus = 202;
    await h.open();
    await h.page.waitForFunction(() => localStorage.getItem('session-replay-forget') === null);
    expect(h.server.forgotten).toEqual([session, session]);
    expect(h.server.batches).toEqual([]);
  });

  test('opting out asks for the deletion also where this page records nothing', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    h.server.pages['/quiet'] = html('<p>x</p>', 'data-consent=required');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the session');
    const session = h.server.batches[0]!.session;
    await h.open('/quiet');
    await h.page.evaluate(() => window.SessionReplay!.current()!.optOut());
    expect(h.server.forgotten).toEqual([session]);
  });
});
