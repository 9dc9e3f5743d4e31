import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { violations } from './support/axe.ts';
import { session } from './support/recordings.ts';
import { usePlayer } from './support/player-browser.ts';
import { problem } from './support/replay-server.ts';

const player = usePlayer({ bypassCSP: true });
const { isPossible, server } = player;
let page: Page;

beforeEach(() => {
  page = player.page;
  server.sessions = Array.from({ length: 120 }, (_, i) =>
    session({
      id: `0199000000007000800000000000${String(i).padStart(4, '0')}`,
      startedAt: Date.now() - i * 600_000,
      durationMs: 61_000,
      errors: i % 40 === 0 ? 2 : 0,
      live: i === 0,
      entryUrl: i === 5 ? 'https://shop.example/checkout' : 'https://shop.example/',
      user: { id: `u${i}`, name: `User ${i}`, email: '', traitsJson: '' },
    }),
  );
});

test.runIf(isPossible)('the list goes on as it is scrolled, page by page, to its end', async () => {
  await page.goto(`${server.origin}/list`);
  await page.getByRole('row').nth(50).waitFor();
  expect(server.searches.length).toBeLessThanOrEqual(2);
  await expect.poll(async () => {
    await page.getByRole('row').last().scrollIntoViewIfNeeded();
    return page.getByRole('row').count();
  }).toBe(121);
  expect(server.searches.map((q) => q.get('cursor'))).toEqual([null, '50', '100']);
  expect(await page.getByText('live', { exact: true }).count()).toBe(1);
});

test.runIf(isPossible)('filters are in the address: they can be shared, and gone back to', async () => {
  await page.goto(`${server.origin}/list?hasError=true`);
  await expect.poll(() => page.getByRole('row').count()).toBe(4);
  expect(await page.getByLabel('With errors').isChecked()).toBe(true);
  await page.getByLabel('With errors').uncheck();
  await page.getByLabel('Address begins with').fill('/checkout');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await expect.poll(() => new URL(page.url()).search).toBe('?url=%2Fcheckout');
  await page.getByLabel('Time').selectOption('24h');
  await expect.poll(() => new URL(page.url()).searchParams.get('last')).toBe('24h');
  // The address changes before the question is asked.
  await expect.poll(() => server.searches.at(-1)!.has('from')).toBe(true);
  const asked = server.searches.at(-1)!;
  expect(Date.now() - Number(asked.get('from'))).toBeGreaterThanOrEqual(86_400_000);
  expect(asked.has('last')).toBe(false);
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await expect.poll(() => page.getByRole('row').count()).toBe(4);
  await expect
    .poll(async () => [
      new URL(page.url()).search,
      await page.getByLabel('With errors').isChecked(),
      await page.getByLabel('Address begins with').inputValue(),
    ])
    .toEqual(['?hasError=true', true, '']);
});

test.runIf(isPossible)('times are relative to now, with the date on them', async () => {
  await page.goto(`${server.origin}/list`);
  const time = page.locator('time').nth(3);
  expect(await time.textContent()).toMatch(/^3\d minutes ago$/);
  expect(await time.getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect(await time.getAttribute('title')).toMatch(/20\d\d/);
});

test.runIf(isPossible)('nothing found, nothing yet, nothing reachable: each says what it is and what can be done', async () => {
  await page.goto(`${server.origin}/list?url=/nowhere`);
  await page.getByText('Nothing fits these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await page.getByRole('row').nth(50).waitFor();
  server.sessions = [];
  await page.reload();
  await page.getByText('Waiting for the first session…').waitFor();
  server.searchFaults = [problem(403, 'forbidden', 'You may not look at sessions.')];
  await page.reload();
  await page.getByText('You may not look at sessions.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Waiting for the first session…').waitFor();
  server.searchFaults = [problem(503, 'catalog-unavailable', 'The catalog is unavailable.', { 'Retry-After': '3' })];
  await page.reload();
  await page.getByText('The catalog is unavailable.').waitFor();
  await page.getByText('Waiting for the first session…').waitFor();
});

test.runIf(isPossible)('an empty list waits for the first session, for two minutes in which the page is visible', async () => {
  const sessions = server.sessions;
  server.sessions = [];
  await page.clock.install();
  const list = page.locator('session-replay-list');
  const asked = async (times: number): Promise<void> => {
    await expect.poll(() => server.searches.length).toBe(times);
    await expect.poll(() => list.evaluate((element) => (element as HTMLElement & { loading: boolean }).loading)).toBe(false);
  };
  const show = (state: string): Promise<void> => page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, state);
  const poll = async (times: number, from: number): Promise<void> => {
    for (let i = 1; i <= times; i++) {
      await page.clock.runFor(5_000);
      await asked(from + i);
    }
  };

  await page.goto(`${server.origin}/list`);
  await page.getByText('Waiting for the first session…').waitFor();
  await asked(1);
  await poll(2, 1);
  await show('hidden');
  await page.clock.runFor(60_000);
  await asked(3);
  await show('visible');
  await asked(4);
  await poll(20, 4);
  await page.clock.runFor(5_000);
  await page.getByText('No sessions yet.').waitFor();
  const last = server.searches.length;
  await page.clock.runFor(60_000);
  await asked(last);
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByText('Waiting for the first session…').waitFor();
  server.sessions = sessions;
  await page.clock.runFor(5_000);
  await page.getByRole('row').nth(50).waitFor();
  const found = server.searches.length;
  await page.clock.runFor(60_000);
  await asked(found);
});

test.runIf(isPossible)('an empty list of a search with filters does not ask again', async () => {
  await page.clock.install();
  await page.goto(`${server.origin}/list?url=/nowhere`);
  await page.getByText('Nothing fits these filters.').waitFor();
  await page.clock.runFor(60_000);
  expect(server.searches).toHaveLength(1);
});

test.runIf(isPossible)('a page that cannot be loaded leaves what is there', async () => {
  server.searchFaults = [
    (response) =>
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ sessions: server.sessions.slice(0, 5), nextCursor: '5' })),
    problem(500, 'bug', 'Something broke.'),
  ];
  await page.goto(`${server.origin}/list`);
  await page.getByText('Something broke.').waitFor();
  await expect.poll(() => page.getByRole('row').count()).toBe(6);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(50);
});

test.runIf(isPossible)('a row leads to its session wherever it is clicked', async () => {
  await page.goto(`${server.origin}/list`);
  await page.getByRole('row').nth(3).locator('.entry').click();
  await page.waitForURL(`**/play/${server.sessions[2]!.id}`);
});

test.runIf(isPossible)('on a narrow screen every session is whole, without scrolling sideways, and nothing is inaccessible', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.origin}/list?hasError=true`);
  await page.locator('td[data-unit=errors]').first().waitFor();
  const table = page.locator('session-replay-list .table');
  await expect.poll(() => table.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  await expect.poll(() => page.locator('html').evaluate((element) => element.scrollWidth)).toBeLessThanOrEqual(390);
  await expect.poll(() => violations(page)).toEqual([]);
});

test.runIf(isPossible).each(['light', 'dark'] as const)('nothing in the list breaks a rule of axe: %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await page.goto(`${server.origin}/list?hasError=true&browser=Chrome`);
  await page.getByRole('row').nth(3).waitFor();
  await expect.poll(() => violations(page)).toEqual([]);
});

test.runIf(isPossible)('a session that cannot be shown keeps no other from being shown, and each can be deleted in the list', async () => {
  server.sessions[1] = { ...server.sessions[1]!, startedAt: 2 ** 53 - 1 };
  await page.goto(`${server.origin}/list`);
  await page.getByText('Cannot be shown').waitFor();
  await page.getByRole('link', { name: 'User 2', exact: true }).waitFor();
  const deleted = page.waitForRequest((request) => request.method() === 'DELETE');
  await page.getByRole('button', { name: 'Delete the session of User 2', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  expect((await deleted).url()).toContain(server.sessions[2]!.id);
  await page.getByRole('link', { name: 'User 2', exact: true }).waitFor({ state: 'detached' });
});
