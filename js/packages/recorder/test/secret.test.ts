import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { htmlWith, useHarness } from './support/harness.ts';

describe.runIf(hasBrowser())('the secret of a session', () => {
  const h = useHarness();
  const stored = () => h.page.evaluate(() => JSON.parse(localStorage.getItem('session-replay')!) as { id: string; secret: string });

  test('goes in front of every batch of the session, in all tabs and page loads, and in no address', async () => {
    const addresses: string[] = [];
    h.context.on('request', (request) => addresses.push(request.url()));
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    await h.open();
    await h.said('first');
    const other = await h.context.newPage();
    await h.open('/', other);
    await h.said('second', other);
    await h.open();
    await h.said('third');

    const { id, secret } = await stored();
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(h.server.batches.map((batch) => batch.session))).toEqual(new Set([id]));
    expect(new Set(h.server.batches.map((batch) => batch.secret))).toEqual(new Set([secret]));
    expect(new Set(h.server.batches.map((batch) => batch.window)).size).toBe(3);
    expect(addresses.filter((address) => address.includes(secret))).toEqual([]);
    // Nor is it part of what is recorded.
    expect(h.allText().replaceAll(`"secret":"${secret}"`, '')).not.toContain(secret);
  });

  test('a page that goes sends it too, and numbers are never used for two cuts', async () => {
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    h.server.pages['/next'] = '<p>next</p>';
    await h.open();
    await h.said('first');
    await h.page.evaluate(() => window.SessionReplay!.current()!.track('tail', {}));
    const { secret } = await stored();
    await h.page.goto(`${h.server.origin}/next`);
    await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'tail'), 'the tail');

    expect(new Set(h.server.batches.map((batch) => batch.secret))).toEqual(new Set([secret]));
    const cuts = new Map<number, Set<number>>();
    for (const { batch } of h.server.batches) {
      cuts.set(batch.seq, (cuts.get(batch.seq) ?? new Set()).add(batch.cut_id));
    }
    expect([...cuts.values()].map((ids) => ids.size)).toEqual([...cuts.keys()].map(() => 1));
    expect(new Set(h.server.batches.map(({ batch }) => batch.cut_id)).size).toBe(cuts.size);
    expect(h.server.batches.every(({ batch }) => batch.cut_id > 0)).toBe(true);
  });

  test('a session that was stored without one is followed by a new one', async () => {
    h.server.pages['/empty'] = '<p>x</p>';
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    await h.page.goto(`${h.server.origin}/empty`);
    const old = '0199f3a1c0de7abc8def0123456789ab';
    await h.page.evaluate((id) => {
      const now = Date.now();
      localStorage.setItem('session-replay', JSON.stringify({ id, startedAt: now, lastActivity: now, sampled: true }));
    }, old);
    await h.open();
    await h.said('here');

    const { id, secret } = await stored();
    expect(id).not.toBe(old);
    expect(h.server.batches.map((batch) => [batch.session, batch.secret])).toEqual(h.server.batches.map(() => [id, secret]));
  });

  test('refused, a new session begins, and what is lost is reported and counted', async () => {
    h.server.pages['/'] = htmlWith('performance: false', '<p>x</p>');
    await h.open();
    await h.said('before');
    const old = await stored();
    h.server.failures = [{ status: 403, body: { code: 'session-secret' } }];
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.track('lost-1', {});
      window.SessionReplay!.current()!.track('lost-2', {});
    });
    await h.flush();
    await h.server.until(() => h.server.batches.some((batch) => batch.session !== old.id), 'the new session');
    await h.said('after');

    const now = await stored();
    expect(now.id).not.toBe(old.id);
    expect(now.secret).not.toBe(old.secret);
    const later = h.server.batches.filter((batch) => batch.session === now.id);
    expect(later.flatMap((batch) => batch.dom).some((event) => event.type === 2)).toBe(true);
    expect(later.reduce((sum, { batch }) => sum + batch.lost_events, 0)).toBeGreaterThanOrEqual(2);
    expect((await h.failures()).join('\n')).toContain('with another secret');
    expect(await h.page.evaluate(() => window.SessionReplay!.current()!.sessionId)).toBe(now.id);
  });

  test('an opt-out proves with it that the session may be forgotten, and asks again where the session is not there yet', async () => {
    h.server.pages['/'] = htmlWith('', '<p>x</p>');
    await h.open();
    await h.said('first');
    const { id, secret } = await stored();
    h.server.forgetStatus = 404;
    await h.page.evaluate(() => window.SessionReplay!.current()!.optOut());
    await h.server.until(() => h.server.forgotten.length === 2, 'the second request');

    expect(h.server.forgotten).toEqual([id, id]);
    expect(h.server.forgottenSecrets).toEqual([secret, secret]);
    await h.page.waitForFunction(() => localStorage.getItem('session-replay-forget') === null);
    expect(await h.failures()).toEqual([]);
  });
});
