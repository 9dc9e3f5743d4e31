import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, htmlWith, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('the way to the server', () => {
  const h = useHarness();

  test('what is recorded offline is sent as soon as the browser is online again', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.context.setOffline(true);
    await h.page.evaluate(() => window.SessionReplay!.current()!.track('said-offline', {}));
    await h.flush();
    await expect.poll(() => h.waiting()).toBe(1);
    expect(h.server.events.some((e) => e.custom)).toBe(false);
    await h.context.setOffline(false);
    await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'said-offline'), 'what was said offline');
    const seqs = h.server.batches.map((b) => b.batch.seq).sort((a, b) => a - b);
    expect(seqs).toEqual(seqs.map((_, i) => i));
  });

  test('a worker of the page\'s own origin, where a strict policy allows no other', async () => {
    h.server.files['/static/sr-worker.js'] = {
      type: 'text/javascript', body: readFileSync(join(import.meta.dirname, '..', 'dist', 'recorder.worker.js')),
    };
    h.server.headers = { 'Content-Security-Policy': "default-src 'self'; worker-src 'self'; script-src 'self'" };
    h.server.pages['/'] = html('<p>strict-text</p>', 'data-worker-url=/static/sr-worker.js');
    await h.open();
    await h.server.until(() => h.allText().includes('strict-text'), 'the snapshot');
    expect(h.server.paths).toContain('GET /static/sr-worker.js');
    expect(h.server.paths).not.toContain('GET /session-replay/recorder.worker.js');
    expect(h.page.workers()).toHaveLength(1);
  });

  test('a session above its quota is not recorded any more, in later pages neither', async () => {
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    h.server.failures = [{ status: 429, body: { code: 'session-quota', final: true } }];
    await h.open();
    await h.page.waitForFunction(() => (window as unknown as { failures: string[] }).failures.some((f) => f.includes('session-quota')));
    await h.open();
    expect(await h.traces()).toMatchObject({ session: undefined, workers: 0 });
    expect(await h.waiting()).toBe(0);
    expect(h.server.batches).toEqual([]);
    expect(h.server.failures).toEqual([]);
  });

  test.each([
    ['0.0.9', true], ['0.1.5', true], ['0.2.0', true], ['0.3.0', false], ['1.1.0', false],
  ])('with a server of version %s: records %s', async (version, records) => {
    h.server.settings = { version };
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    await h.open();
    if (records) {
      await h.server.until(() => h.server.batches.length > 0, 'a batch');
      expect(await h.failures()).toEqual([]);
      expect(h.server.batches[0]!.batch.recorder_version).toBe('0.1.0');
    } else {
      expect(await h.traces()).toMatchObject({ session: undefined, workers: 0, databases: [] });
      expect(h.server.batches).toEqual([]);
      expect((await h.failures())[0]).toContain(`version: Error: recorder 0.1.0 and server ${version}`);
    }
  });

  test('the server\'s settings can only make the page\'s stricter', async () => {
    h.server.settings = { recordConsole: false, recordNetworkBodies: false, sampleRate: 1 };
    h.server.pages['/data.json'] = '{"text":"in-a-body"}';
    h.server.pages['/'] = htmlWith("network: 'full', console: true", '<p>x</p>');
    await h.open();
    await h.page.evaluate(async () => {
      console.log('a-console-line');
      await (await fetch('/data.json')).json();
    });
    await h.flush();
    await h.server.until(() => h.server.events.some((e) => e.network), 'the request');
    expect(h.allText()).not.toContain('in-a-body');
    expect(h.allText()).not.toContain('a-console-line');

    h.server.settings = { sampleRate: 1, recordConsole: true };
    h.server.pages['/off'] = htmlWith("network: 'off', console: false, sampleRate: 0", '<p>x</p>');
    const before = h.server.batches.length;
    await h.context.clearCookies();
    await h.page.evaluate(() => localStorage.clear());
    await h.open('/off');
    expect(await h.traces()).toMatchObject({ session: undefined, workers: 0 });
    await h.page.evaluate(() => localStorage.clear());
    await h.nextPage();
    expect(h.server.batches.slice(before).filter((b) => b.batch.page?.url.endsWith('/off'))).toEqual([]);
  });
});
