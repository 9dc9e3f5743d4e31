import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('mode "onError"', () => {
  const h = useHarness();
  const page = (body: string) => html(body, 'data-mode=onError data-user-id=u7');

  test('nothing is sent before an error; then what led to it and all that follows, in later pages too', async () => {
    h.server.pages['/'] = page('<p id=p>before-the-error</p>');
    h.server.pages['/next'] = page('<p>next-page</p>');
    await h.open();
    await h.page.evaluate(() => {
      document.getElementById('p')!.textContent = 'led-to-the-error';
      console.log('a line');
    });
    await h.flush();
    // The Web Worker was started, and was given nothing: what it closes it would have stored.
    await expect.poll(() => h.page.workers().length).toBe(1);
    expect(await h.waiting()).toBe(0);
    expect(h.server.batches).toEqual([]);

    await h.page.evaluate(() => setTimeout(() => {
      throw new Error('boom');
    }, 0));
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'the snapshot');
    await h.flush();
    await h.server.until(() => h.allText().includes('led-to-the-error') && h.server.events.some((e) => e.error), 'what led to the error');
    expect(h.allText()).toContain('before-the-error');
    expect(h.server.events.find((e) => e.identify)!.identify!.user_id).toBe('u7');
    expect(h.server.batches.map((b) => b.batch.seq).sort()).toEqual(h.server.batches.map((_, i) => i));

    await h.open('/next');
    await h.server.until(() => h.allText().includes('next-page'), 'the page after the error');
  });

  test('a page without an error leaves nothing behind, at the server or in the browser', async () => {
    h.server.pages['/'] = page('<p>quiet-page</p>');
    h.server.pages['/plain'] = '<p>plain</p>';
    await h.open();
    await h.page.goto(`${h.server.origin}/plain`);
    expect(await h.waiting()).toBe(0);
    expect((await h.traces()).local.filter((key) => key.includes('unsent'))).toEqual([]);
    await h.nextPage();
    expect(h.allText()).not.toContain('quiet-page');
  });

  test('what is kept is bounded in time, and the user is kept for all that', async () => {
    h.server.pages['/'] = html('<p id=p>minute 0</p>', 'data-mode=onError data-user-id=u7 data-buffer-seconds=10');
    await h.page.clock.install();
    await h.open();
    for (let i = 1; i <= 6; i++) {
      await h.page.mouse.move(10 + i, 10);
      await h.page.clock.runFor(6000);
      await h.page.evaluate((n) => (document.getElementById('p')!.textContent = `step ${n}`), i);
      await h.page.clock.runFor(100);
    }
    await h.page.evaluate(() => window.SessionReplay!.current()!.trigger());
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'the snapshot');
    await h.flush();
    await h.server.until(() => h.allText().includes('step 6'), 'the last step');
    // The events since the snapshot before the last one, however long the browser took over it.
    expect(h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 2).length).toBeLessThanOrEqual(2);
    expect(h.allText()).not.toContain('minute 0');
    expect(h.server.events.find((e) => e.identify)!.identify!.user_id).toBe('u7');
  });
});
