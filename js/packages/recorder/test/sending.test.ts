import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

const longStyle = Array.from({ length: 100 }, (_, i) => `.c${i} { margin: ${i}px }`).join('\n');

describe.runIf(hasBrowser())('what the page has to send', () => {
  const h = useHarness();

  test('hands the tail over when the page goes', async () => {
    h.server.pages['/'] = html('<p id=p>first</p>');
    h.server.pages['/next'] = '<p>next</p>';
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.page.evaluate(() => {
      document.getElementById('p')!.textContent = 'marker-before-leaving';
      setTimeout(() => (location.href = '/next'), 50);
    });
    await h.page.waitForURL('**/next');
    await h.server.until(() => h.allText().includes('marker-before-leaving'), 'the tail');
    const keys = h.server.batches.map((b) => `${b.window}/${b.batch.seq}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(h.server.batches.some((b) => b.batch.last)).toBe(true);
  });

  test('a page that goes as soon as it has begun to record sends what it holds', async () => {
    h.server.pages['/'] = html('<p id=p>first</p>');
    h.server.pages['/gone'] = '<p>gone</p>';
    await h.context.route('**/recorder.later.mjs', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await route.continue();
    });
    await h.open();
    await h.page.evaluate(async () => {
      const replay = window.SessionReplay!.current()!;
      await replay.ready;
      replay.track('at-once', {});
      location.href = '/gone';
    });
    await h.page.waitForURL('**/gone');
    await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'at-once'), 'what the page said last');
  });

  test('a page that goes before it has loaded what encodes its events leaves them to the next', async () => {
    h.server.pages['/'] = html('<p id=p>first</p><input id=pw type=password>');
    let isHeld = true;
    // Never answered on the first page.
    await h.context.route('**/recorder.later.mjs', (route) => (isHeld ? undefined : route.continue()));
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.page.fill('#pw', 'typed-secret-1');
    await h.page.evaluate(() => {
      document.getElementById('p')!.textContent = 'marker-before-leaving typed-secret-1';
      window.SessionReplay!.current()!.track('early', {});
    });
    isHeld = false;
    await h.nextPage();
    await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'early'), 'what the first page said last');
    expect(h.allText()).toContain('marker-before-leaving');
    expect(h.allText()).not.toContain('typed-secret-1');
    expect(h.server.batches.find((b) => b.batch.events.some((e) => e.custom?.name === 'early'))!.batch.last).toBe(true);
    const keys = h.server.batches.map((b) => `${b.window}/${b.batch.seq}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('much that changes at once is sent at once, with what came before it: while the page goes it would be too large', async () => {
    h.server.pages['/'] = html('<p id=p>first</p>');
    // A clock that stands still: nothing is sent because it has waited long enough.
    await h.page.clock.install({ time: Date.now() });
    await h.page.clock.pauseAt(Date.now() + 60_000);
    await h.open();
    await h.page.clock.runFor(100);
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.track('small-before', {});
      const random = Array.from({ length: 60 }, () =>
        Array.from(crypto.getRandomValues(new Uint8Array(2048)), (b) => b.toString(16)).join(''),
      );
      random.forEach((text) => document.body.append(Object.assign(document.createElement('p'), { textContent: text })));
    });
    await h.page.clock.runFor(100);
    await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'small-before'), 'what came before');
    expect(JSON.stringify(h.server.batches.map((b) => b.dom)).length).toBeGreaterThan(200_000);
  });

  test.each([[true, 2500], [false, 20_500]])('somebody watches: %s; a batch is closed after %i ms at most', async (isLive, ms) => {
    h.server.isLive = isLive;
    h.server.pages['/'] = html('<p>x</p>', 'data-performance=false');
    await h.page.clock.install({ time: Date.now() });
    await h.page.clock.pauseAt(Date.now() + 60_000);
    await h.open();
    await h.page.clock.runFor(100);
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await expect.poll(() => h.waiting()).toBe(0);
    const say = (name: string) => h.page.evaluate((text) => window.SessionReplay!.current()!.track(text, {}), name);
    await say('first');
    await h.page.clock.runFor(ms - 1000);
    expect(h.server.events.some((e) => e.custom?.name === 'first')).toBe(false);
    await h.page.clock.runFor(1000);
    await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'first'), 'what was said');
  });

  test('ten calm minutes, in which something happens every three seconds, are at most 30 batches', async () => {
    h.server.pages['/'] = html('<p id=p>x</p><button id=b>more</button>');
    await h.page.clock.install({ time: Date.now() });
    await h.page.clock.pauseAt(Date.now() + 60_000);
    await h.open();
    await h.page.clock.runFor(100);
    for (let second = 0; second < 600; second += 3) {
      await h.page.mouse.move(second, second % 100);
      await h.page.evaluate((text) => (document.getElementById('p')!.textContent = text), `after ${second} s`);
      if (second % 60 === 0) {
        await h.page.click('#b');
      }
      await h.page.clock.runFor(3000);
    }
    await h.flush();
    await h.page.clock.runFor(100);
    await h.server.until(() => h.allText().includes('after 597 s'), 'the last change');
    expect(h.server.batches.length).toBeGreaterThan(10);
    expect(h.server.batches.length).toBeLessThanOrEqual(30);
    expect(h.server.events.some(({ gap }) => gap)).toBe(false);
  }, 120_000);

  test('a page that goes at once leaves its snapshot behind', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `<p>row ${i} ${crypto.randomUUID()}</p>`).join('');
    h.server.pages['/'] = html(`<h1>short visit</h1>${rows}`);
    h.server.assetDelayMs = 60_000;
    h.server.pages['/style.css'] = longStyle;
    h.server.pages['/'] = h.server.pages['/'].replace('</head>', '<link rel=stylesheet href=/style.css></head>');
    await h.open();
    await h.page.goto('about:blank');
    await h.server.until(() => h.allText().includes('short visit'), 'the snapshot, although its stylesheets were never uploaded');
    expect(h.server.batches.map((b) => b.batch.seq)).toContain(0);
  });

  test('a snapshot too large to be sent while the page goes is sent by the next page', async () => {
    const rows = Array.from({ length: 4000 }, () => `<p>${crypto.randomUUID()}</p>`).join('');
    h.server.pages['/style.css'] = longStyle;
    // The recorder comes last: its snapshot holds the whole page, however slowly the browser reads it.
    h.server.pages['/'] = `<!doctype html><title>T</title><link rel=stylesheet href=/style.css><h1>large visit</h1>${rows}
      <script src="/session-replay/recorder.js" data-write-key="wk"></script>`;
    h.server.pages['/next'] = html('<p>next</p>');
    h.server.assetDelayMs = 60_000;
    await h.open();
    await h.page.goto(`${h.server.origin}/missing`);
    expect(await h.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('session-replay-unsent/')).length)).toBe(1);
    expect(h.allText().includes('large visit')).toBe(false);
    h.server.assetDelayMs = 0;
    await h.open('/next');
    await h.server.until(() => h.allText().includes('large visit'), 'the first page\'s snapshot');
    await h.page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('session-replay-unsent/')));
  });

  test('a page that comes back from the back/forward cache sends nothing twice', async () => {
    h.server.pages['/'] = html('<p id=p>first</p>');
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.track('before', {});
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      window.SessionReplay!.current()!.track('after', {});
    });
    await h.flush();
    await h.server.until(
      () => ['before', 'after'].every((name) => h.server.events.some((e) => e.custom?.name === name)),
      'what came before and after',
    );
    await h.said('end');
    expect(h.server.events.filter((e) => e.custom?.name === 'before')).toHaveLength(1);
  });

  test('retries after 503 with Retry-After, and reports a refused batch to onError', async () => {
    h.server.failures = [{ status: 503, headers: { 'Retry-After': '0' } }, { status: 400, body: { code: 'batch-invalid', rule: 'B4' } }];
    h.server.pages['/'] = `<!doctype html><body><script src="/session-replay/recorder.js"></script><script>
      window.failures = []; SessionReplay.init('wk', { onError: (f) => failures.push(String(f.error)) });</script></body>`;
    await h.open();
    await h.page.waitForFunction(() => (window as unknown as { failures: string[] }).failures.length > 0);
    expect((await h.page.evaluate(() => (window as unknown as { failures: string[] }).failures))[0]).toContain('batch-invalid');
    // The lost snapshot is replaced by a fresh one.
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'a fresh snapshot');
  });

  test('sends after a reload what the page before could not', async () => {
    h.server.pages['/'] = html('<p>first-load</p>');
    h.server.failures = Array.from({ length: 1000 }, () => ({ status: 503, headers: { 'Retry-After': '600' } }));
    await h.open();
    await h.server.until(() => h.server.failures.length < 1000, 'the first attempt');
    await h.page.waitForTimeout(10_500);
    h.server.failures = [];
    h.server.pages['/'] = html('<p>second-load</p>');
    await h.page.reload();
    await h.server.until(() => h.allText().includes('first-load') && h.allText().includes('second-load'), 'both windows');
  });

  test('a worker that the policy forbids is replaced by the page itself', async () => {
    h.server.headers = { 'Content-Security-Policy': "worker-src 'none'; script-src 'self' 'unsafe-inline'" };
    h.server.pages['/'] = html('<p>policy-text</p>');
    await h.open();
    await h.server.until(() => h.allText().includes('policy-text'), 'a batch without a worker');
  });
});
