import type { WireEvent } from '@session-replay/format';
import { expect, test } from 'vitest';
import { violations } from './support/axe.ts';
import { START, longSession, textOf } from './support/long-session.ts';
import { longVisit } from './support/long-visit.ts';
import { evaluate, isPossible, open, page, replacePage, seek, server, text, until } from './support/open-player.ts';
import { chunk, log, manifest, page as pageEvents, request } from './support/recordings.ts';

const HOUR = 3_600_000;

/** Adds events to the second batch of a recording. */
function withEvents(recording: ReturnType<typeof longSession>, ...added: WireEvent[]): ReturnType<typeof longSession> {
  const { events } = recording;
  return { ...recording, events: (window, seq) => [...events(window, seq), ...(seq === 1 ? added : [])] };
}

test.runIf(isPossible)('a search finds what was loaded, loads the rest on demand, and leads to the moment', async () => {
  server.recordings.set('long', longSession(HOUR));
  await open('long');
  await page.keyboard.press('/');
  await page.keyboard.type('line 700 of');
  const row = page.getByRole('option', { name: 'line 700 of the console' });
  await row.waitFor();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  expect(new Set(server.chunks).size).toBe(720);
  await row.click();
  await text(textOf(700));
  // The details are those of the event itself.
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
  await expect.poll(() => page.locator('session-replay-details pre').first().textContent()).toBe('line 700 of the console');
});

test.runIf(isPossible)('what is searched for before the first page is there is typed into the search', async () => {
  server.recordings.set('slow', longSession(60_000));
  // Never answered.
  server.faults.set('a/0', [() => undefined]);
  await page.goto(`${server.origin}/play/slow`, { waitUntil: 'commit' });
  await until('player?.duration > 0');
  await page.keyboard.press('/');
  await page.keyboard.type('line 7 of');
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('line 7 of');
  expect(await evaluate('return player.speed')).toBe(1);
});

test.runIf(isPossible)('lists of any length draw the rows in view alone, and follow the playhead', async () => {
  server.recordings.set('long', longSession(HOUR));
  await open('long');
  await page.getByRole('tab', { name: 'Console' }).click();
  await page.getByRole('button', { name: 'Load the rest' }).click();
  await page.getByText('719 rows').waitFor();
  expect(await page.getByRole('option').count()).toBeLessThan(80);
  await seek(3_000_000);
  await page.getByRole('option', { name: 'line 600 of the console' }).waitFor();
  await page.getByRole('button', { name: 'Errors', exact: true }).click();
  await page.getByText('71 rows').waitFor();
});

test.runIf(isPossible)('the network list is a waterfall with status, method, size and phases', async () => {
  const busy = withEvents(longSession(60_000),
    request(START + 100, 'https://shop.example/api/cart?x=1', 200, 400),
    request(START + 300, 'https://shop.example/api/pay', 503, 800),
  );
  server.recordings.set('busy', busy);
  await open('busy');
  await page.getByRole('tab', { name: 'Network' }).click();
  const row = page.getByRole('option').filter({ hasText: '/api/cart?x=1' });
  await expect.poll(() => row.innerText().catch(() => '')).toMatch(/200[\s\S]*GET[\s\S]*400 ms · 2\.0 KiB · fetch/);
  const bars = () =>
    page.evaluate(`[...document.querySelector('session-replay-player').renderRoot.querySelector('session-replay-events').renderRoot.querySelectorAll('.fall')].map((f) =>
    [...f.querySelectorAll('.waiting,.receiving')].map((i) => [parseFloat(i.style.left), parseFloat(i.style.width)]))`) as Promise<
      number[][][]
    >;
  // One axis for all: from 100 ms to 1,100 ms.
  await expect
    .poll(async () => (await bars()).map((b) => b.map(([left, width]) => [Math.round(left!), Math.round(width!)])))
    .toEqual([
      [
        [0, 20],
        [20, 20],
      ],
      [
        [20, 40],
        [60, 40],
      ],
    ]);
  await row.click();
  await page.getByText('https://shop.example/api/cart?x=1').waitFor();
  await page.getByRole('button', { name: 'Failed' }).click();
  await page.getByText('1 row', { exact: true }).waitFor();
});

test.runIf(isPossible)('the keyboard plays, seeks and explains; a field keeps its keys', async () => {
  server.recordings.set('long', longSession(HOUR));
  await open('long');
  const time = () => evaluate<number>('return player.currentTime');
  await page.keyboard.press('5');
  await text(textOf(360));
  const middle = await time();
  await page.keyboard.press('l');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('j');
  expect(await time()).toBe(middle + 10_000);
  await page.keyboard.press('.');
  expect(await evaluate('return player.speed')).toBe(2);
  await page.keyboard.press('k');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.keyboard.press(' ');
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await page.keyboard.press('n');
  expect(await time()).toBeGreaterThan(middle + 10_000);
  const slider = page.getByRole('slider', { name: 'Position in the session' });
  await slider.focus();
  const before = await time();
  await page.keyboard.press('ArrowLeft');
  expect(await time()).toBe(Math.max(0, before - 5000));
  await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^\d+:\d\d of 59:5\d, Shop$/);
  await page.getByRole('tab', { name: 'Session' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.getByRole('tab', { name: 'Events' }).getAttribute('aria-selected')).toBe('true');
  const still = await time();
  await page.keyboard.press('/');
  await page.keyboard.type('jkl 5');
  expect([await time(), await page.getByRole('searchbox').inputValue()]).toEqual([still, 'jkl 5']);
  await page.getByRole('slider').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
});

test.runIf(isPossible)('several tabs of the visitor are lanes, and can be chosen where they overlap', async () => {
  const tab = (id: string, from: number, to: number) => ({
    id,
    clockOffset: 0,
    from,
    to,
    url: `https://shop.example/${id}`,
    title: `Tab ${id}`,
    closed: true,
    missing: [],
    chunks: [chunk(0, from, from, true, [[from, from]]), chunk(1, to, to, false, [[to, to]])],
  });
  server.recordings.set('tabs', {
    manifest: manifest([tab('a', START, START + 60_000), tab('b', START + 20_000, START + 40_000)]),
    events: (w, seq) =>
      seq === 0
        ? pageEvents(w === 'a' ? START : START + 20_000, `page ${w}`)
        : [log(w === 'a' ? START + 60_000 : START + 40_000, 'log', w)],
  });
  await open('tabs');
  expect(await seek(30_000)).toBe('page b');
  await page.getByRole('group', { name: 'Tabs open at this moment' }).getByRole('button', { name: 'Tab a' }).click();
  await text('page a');
  await page.getByRole('group', { name: 'Tabs of the visitor' }).getByRole('button', { name: 'Tab 2' }).click();
  await text('page b');
  expect(await seek(50_000)).toBe('page a');
});

test.runIf(isPossible)('a thousand pages and ten thousand clicks leave a timeline that can be read', async () => {
  server.recordings.set('visit', longVisit(1021, 9564));
  await open('visit');
  await seek(9_000_000);
  const drawn = await evaluate<
    Record<string, number>
  >(`const root = player.renderRoot.querySelector('session-replay-timeline').renderRoot; const count = (s) => root.querySelectorAll(s).length;
    return { edges: count('.edge'), marks: count('.mark'), masses: count('.mass'), lanes: count('.lane') }`);
  expect(drawn['edges']).toBeLessThanOrEqual(61);
  expect(drawn['marks']).toBe(3);
  expect(drawn['masses']).toBeLessThanOrEqual(160);
  const bar = (await page.locator('session-replay-timeline .bar').boundingBox())!;
  await page.mouse.move(bar.x + bar.width * 0.25, bar.y + 20);
  await page.getByText(/\d+ × Click/).waitFor();
});

test.runIf(isPossible)('what kept the browser busy until its tab was ended is not drawn again unasked, and can be deleted', async () => {
  server.recordings.set('short', longSession(60_000));
  await open('short');
  await until('sessionStorage.length === 0');
  // As a tab that was ended while it drew. No player is in it: that would forget the note when it has read the next part.
  await page.goto(`${server.origin}/list`);
  await page.evaluate("sessionStorage.setItem('session-replay-drawing', 'tenants/shop/sessions/short')");
  await page.goto(`${server.origin}/play/short`, { waitUntil: 'commit' });
  await page.getByText('This recording kept the browser busy.').waitFor();
  expect(await evaluate('return player.replayDocument')).toBeNull();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Draw it anyway' }).click();
  await text(textOf(0));
});

test.runIf(isPossible)('a narrow window cuts off no tab; escape and another tab close the details of an event', async () => {
  await page.setViewportSize({ width: 1024, height: 800 });
  server.recordings.set('short', longSession(60_000));
  await open('short');
  expect(
    await evaluate('const list = player.renderRoot.querySelector("[role=tablist]"); return list.scrollWidth <= list.clientWidth'),
  ).toBe(true);
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.locator('session-replay-events').getByRole('option').first().click();
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor({ state: 'detached' });
  await page.locator('session-replay-events').getByRole('option').first().click();
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Console' }).click();
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor({ state: 'detached' });
});

test.runIf(isPossible).each(['light', 'dark'] as const)('nothing in the player breaks a rule of axe: %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // axe needs to be put into the page, which the console's policy forbids.
  await page.close();
  replacePage(await page
    .context()
    .browser()!
    .newPage({ viewport: { width: 1440, height: 900 }, bypassCSP: true, colorScheme, reducedMotion: 'reduce' }));
  const busy = withEvents(longSession(60_000),
    request(START + 400, 'https://shop.example/api/pay', 503, 800),
    { time: START + 500, performance: { name: 'LCP', value: 3000, rating: 'needs-improvement', target: '' } },
  );
  const [first] = busy.manifest.windows;
  busy.manifest.windows.push({
    ...first!, id: 'b', title: 'Other tab', from: START + 10_000, to: START + 50_000, chunks: first!.chunks.slice(2, 9),
  });
  server.recordings.set('busy', busy);
  await open('busy');
  await evaluate('player.shown.playback.preferred = "a"');
  await seek(20_000);
  for (const tab of ['Session', 'Events', 'Console', 'Network', 'Performance']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect.poll(async () => [tab, ...(await violations(page))]).toEqual([tab]);
  }
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.locator('session-replay-events').getByRole('option').first().click();
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await expect.poll(() => violations(page)).toEqual([]);
});

test.runIf(isPossible)('a tab that is chosen before the session is there stays chosen', async () => {
  server.recordings.set('short', longSession(60_000));
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/manifest*', async (route) => {
    await isReleased;
    await route.continue();
  });
  await page.goto(`${server.origin}/play/short`, { waitUntil: 'commit' });
  const tab = page.getByRole('tab', { name: 'Console' });
  await tab.click();
  release();
  await until('player.duration > 0');
  expect(await tab.getAttribute('aria-selected')).toBe('true');
});
