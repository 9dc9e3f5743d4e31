import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('idle pages', () => {
  const h = useHarness();
  const snapshots = () => h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 2).length;

  test('after 5 minutes without input nothing is recorded; input brings a gap and a fresh snapshot', async () => {
    h.server.pages['/'] = html('<p id=p>start</p><button id=b>b</button>');
    await h.page.clock.install();
    await h.open();
    await h.server.until(() => snapshots() === 1, 'the first snapshot');
    await h.page.mouse.move(10, 10);
    await h.page.clock.runFor(311_000);
    await h.page.evaluate(() => {
      document.getElementById('p')!.textContent = 'changed-while-away';
      console.log('line-while-away');
      history.pushState({}, '', '/while-away');
    });
    await h.page.clock.runFor(20_000);
    await h.flush();
    // What the application itself says is not noise of an idle page.
    await h.said('said-while-away');
    expect(h.allText()).not.toMatch(/changed-while-away|line-while-away|\/while-away/);
    expect(snapshots()).toBe(1);

    await h.page.mouse.move(20, 20);
    await h.server.until(() => snapshots() === 2, 'the fresh snapshot');
    const gap = h.server.events.find((e) => e.gap)!.gap!;
    expect(gap.reason).toBe('idle');
    expect(gap.to - gap.from).toBeGreaterThan(300_000);
    expect(h.allText()).toContain('changed-while-away');
    expect(h.allText()).not.toContain('line-while-away');
    expect(new Set(h.server.batches.map((b) => b.window)).size).toBe(1);
  });

  test('input after the session has ended begins a new session', async () => {
    h.server.settings = { limits: { batchBytes: 16_777_216, idleMs: 600_000, sessionMs: 86_400_000 } };
    h.server.pages['/'] = html('<p>start</p>');
    await h.page.clock.install();
    await h.open();
    await h.server.until(() => snapshots() === 1, 'the first snapshot');
    await h.page.mouse.move(10, 10);
    await h.page.clock.runFor(601_000);
    await h.page.mouse.move(20, 20);
    await h.server.until(() => snapshots() === 2, 'the new session');
    expect(new Set(h.server.batches.map((b) => b.session)).size).toBe(2);
    expect(new Set(h.server.batches.map((b) => b.window)).size).toBe(2);
  });

  test('while the visitor is there a full snapshot is taken again every two minutes', async () => {
    h.server.pages['/'] = html('<p id=p>start</p>');
    await h.page.clock.install();
    await h.open();
    await h.server.until(() => snapshots() === 1, 'the first snapshot');
    for (let i = 0; i < 3; i++) {
      await h.page.mouse.move(10 + i, 10);
      await h.page.clock.runFor(61_000);
      await h.page.evaluate((n) => (document.getElementById('p')!.textContent = `minute ${n}`), i);
      await h.page.clock.runFor(100);
    }
    await h.server.until(() => snapshots() === 2, 'the checkout');
  });
});
