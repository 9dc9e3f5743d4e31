import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, htmlWith, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('loss is accounted for', () => {
  const h = useHarness();
  const snapshots = () => h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 2).length;

  test('a refused batch is counted, reported, and followed by a full snapshot', async () => {
    // Without web vitals nothing is recorded but what the test does: the numbers of batches are known.
    h.server.pages['/'] = htmlWith('performance: false', '<p id=p>first</p>');
    await h.open();
    await h.server.until(() => snapshots() === 1, 'the first snapshot');
    h.server.failures = [{ status: 400, body: { code: 'batch-invalid', rule: 'B7' } }];
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.track('lost-1', {});
      window.SessionReplay!.current()!.track('lost-2', {});
    });
    await h.flush();
    await h.server.until(() => snapshots() === 2, 'the snapshot after the loss');
    await h.flush();
    expect((await h.failures())[0]).toContain('upload: Error: batch 1 was refused: batch-invalid (400)');
    await h.server.until(() => h.server.batches.some((b) => b.batch.lost_events >= 2), 'the count of what was lost');
    expect(h.server.batches.map((b) => b.batch.seq)).not.toContain(1);
    expect(h.server.batches.map((b) => b.batch.seq)).toContain(2);
  });

  test('a server that refuses everything is not flooded with snapshots', async () => {
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    h.server.failures = Array.from({ length: 1000 }, () => ({ status: 400, body: { code: 'batch-invalid' } }));
    await h.open();
    await h.page.waitForTimeout(5000);
    // One at the start, then after 0, 1, 2, 4 … seconds, and some batches of other events. A flood would be hundreds.
    expect(1000 - h.server.failures.length).toBeLessThan(30);
  });

  test('a snapshot that is too large is reported and not taken again at once', async () => {
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    h.server.failures = [{ status: 413, body: { code: 'batch-too-large' } }];
    await h.open();
    await h.page.waitForFunction(() => (window as unknown as { failures: string[] }).failures.length > 0);
    await h.said('end');
    expect((await h.failures())[0]).toContain('batch-too-large (413)');
    expect(snapshots()).toBe(0);
  });

  test('a batch is closed before it is larger than the server takes', async () => {
    h.server.settings = { limits: { batchBytes: 65_536, idleMs: 1_800_000, sessionMs: 86_400_000 } };
    h.server.pages['/'] = html('<ul id=l></ul>');
    await h.open();
    await h.server.until(() => snapshots() === 1, 'the snapshot');
    const before = h.server.batches.length;
    await h.page.evaluate(async () => {
      const list = document.getElementById('l')!;
      for (let i = 0; i < 30; i++) {
        list.append(Object.assign(document.createElement('li'), { textContent: `item ${i} ${'ä'.repeat(4000)}` }));
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    });
    await h.flush();
    await h.server.until(() => h.allText().includes('item 29'), 'the last item');
    const later = h.server.batches.slice(before);
    expect(later.length).toBeGreaterThan(1);
    for (const { batch } of later) {
      expect(batch.dom_events?.length ?? 0).toBeLessThan(2 * 65_536);
    }
  });

  test('an answer that never arrived is made up for by the ranges of a later one', async () => {
    h.server.pages['/'] = html('<p>x</p>', 'data-performance=false');
    await h.open();
    await h.server.until(() => snapshots() === 1, 'the snapshot');
    await expect.poll(() => h.waiting()).toBe(0);
    // Taken by the server, but the page does not hear of it; then the server is away for a while.
    h.server.failures = Array.from({ length: 10_000 }, () => ({ status: 503, headers: { 'Retry-After': '1' } }));
    await h.page.evaluate(() => {
      for (let i = 1; i <= 20; i++) {
        window.SessionReplay!.current()!.track(`n${i}`, {});
        window.SessionReplay!.current()!.flush();
      }
    });
    await expect.poll(() => h.waiting()).toBe(20);
    h.server.alsoAcknowledged = [[0, 19]];
    h.server.failures = [];
    await h.server.until(() => h.server.batches.some((b) => b.batch.seq === 20), 'the last batch');
    await expect.poll(() => h.waiting()).toBe(0);
    // As many went together as may be in one request; its answer vouched for all others but the last, which were not sent again.
    expect(h.server.batches.map((b) => b.batch.seq)).toEqual([...Array(17).keys(), 20]);
    expect(h.server.uploads).toEqual([1, 16, 1]);
  });

  test('too many console lines are given up and counted', async () => {
    h.server.pages['/'] = html('<p>x</p>');
    await h.open();
    await h.server.until(() => snapshots() === 1, 'the snapshot');
    await h.page.evaluate(async () => {
      // At the start of a second of the clock, so that all fall into one.
      await new Promise((resolve) => setTimeout(resolve, 1010 - (Date.now() % 1000)));
      for (let i = 0; i < 150; i++) {
        console.log(i);
      }
    });
    await h.flush();
    await h.said('after');
    const lines = h.server.events.filter((e) => e.console).length;
    const lost = h.server.batches.reduce((sum, b) => sum + b.batch.lost_events, 0);
    expect(lines + lost).toBe(150);
    expect(lost).toBeGreaterThan(0);
  });

  test('more batches than are kept while the server is away: the oldest go, counted and reported', async () => {
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    h.server.failures = Array.from({ length: 2000 }, () => ({ status: 503, headers: { 'Retry-After': '600' } }));
    await h.open();
    await h.server.until(() => h.server.failures.length < 2000, 'the first attempt');
    await h.page.evaluate(async () => {
      for (let i = 0; i < 320; i++) {
        window.SessionReplay!.current()!.track(`n${i}`, {});
        window.SessionReplay!.current()!.flush();
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    });
    await h.page.waitForFunction(() => (window as unknown as { failures: string[] }).failures.some((f) => f.includes('given up')));
    h.server.failures = [];
    await h.flush();
    await h.server.until(
      () => h.server.events.some((e) => e.custom?.name === 'n319') && h.server.batches.some((b) => b.batch.lost_events > 0),
      'the last one and the count',
    );
    expect(snapshots()).toBeGreaterThan(0);
  });
});
