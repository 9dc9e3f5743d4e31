import type { ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { violations } from './support/axe.ts';
import { CHUNK_MS, START, longSession, textOf } from './support/long-session.ts';
import { longVisit } from './support/long-visit.ts';
import { chunk, log, manifest, move, page as pageEvents, change, request } from './support/recordings.ts';
import { usePlayer } from './support/player-browser.ts';
import { problem } from './support/replay-server.ts';

const HOUR = 3_600_000;
const player = usePlayer();
const { isPossible, server } = player;
let page: Page;
let errors: string[];

beforeEach(() => {
  errors = [];
  page = player.page;
  page.on('pageerror', (error) => errors.push(error.message));
});

/** Opens the player, and waits until its first page is shown. */
async function open(id: string): Promise<void> {
  await page.goto(`${server.origin}/play/${id}`, { waitUntil: 'commit' });
  await until('player?.replayDocument?.getElementById("text")');
}

const evaluate = <T>(body: string): Promise<T> => page.evaluate(`(async (player) => { ${body} })(document.querySelector('session-replay-player'))`);
const seek = async (ms: number): Promise<string> => evaluate(`await player.seek(${ms}); return player.replayDocument.getElementById('text')?.textContent`);
/** Waits until something holds of the player. */
const until = (condition: string) => expect.poll(() => page.evaluate(`((player) => Boolean(${condition}))(document.querySelector('session-replay-player'))`).catch(() => false)).toBe(true);
const text = (expected: string) => until(`player.replayDocument?.getElementById("text")?.textContent === ${JSON.stringify(expected)}`);

test.runIf(isPossible)('an eight-hour session begins with as few requests as one of a minute', async () => {
  server.recordings.set('short', longSession(60_000)).set('long', longSession(8 * HOUR));
  const counts: unknown[] = [];
  // Counted when the first page is there: what is listed afterwards in the background is no part of beginning.
  await page.addInitScript(`addEventListener('sr-ready', () => (window.begun = performance.getEntriesByType('resource').filter((e) => e.name.includes('/chunks/')).length))`);
  for (const id of ['short', 'long']) {
    await page.goto(`${server.origin}/play/${id}`, { waitUntil: 'commit' });
    await until('window.begun !== undefined');
    counts.push(await page.evaluate('window.begun'));
    if (id === 'short') {
      // The rest of a short session is listed in the background.
      await expect.poll(() => new Set(server.chunks).size).toBe(12);
      server.chunks = [];
    }
  }
  // Of a long one nothing is: whatever would be asked for has had time to be.
  await page.waitForTimeout(1500);
  expect(server.recordings.get('long')!.manifest.windows[0]!.chunks).toHaveLength(5760);
  expect(counts).toEqual([1, 1]);
  expect(server.chunks).toEqual(['a/0']);
});

test.runIf(isPossible)('a seek to any moment of eight hours asks for no more than lies between two snapshots', async () => {
  server.recordings.set('long', longSession(8 * HOUR));
  await open('long');
  for (const seq of [3000, 5759, 24 * 7 + 23, 1, 4001]) {
    server.chunks = [];
    expect(await seek((seq - 1) * CHUNK_MS + 4900)).toBe(textOf(seq));
    expect(server.chunks.length).toBeLessThanOrEqual(25);
  }
  server.chunks = [];
  await evaluate('player.seek(1000); player.seek(3600000); player.seek(7200000 + 4000); await player.seek(3600000 + 4000)');
  await text(textOf(721));
  // Of the seeks that were overtaken, at most what had begun was loaded.
  expect(server.chunks.length).toBeLessThanOrEqual(25);
});

test.runIf(isPossible)('memory is bounded: what was played long ago is let go of, and loaded again when it is looked at again', async () => {
  server.recordings.set('heavy', longSession(HOUR, 200_000));
  await open('heavy');
  for (let minute = 1; minute < 60; minute += 2) {
    expect(await seek(minute * 60_000 + 55_000)).toContain('moment');
    expect(await evaluate<number>('return player.source.loader.bytes')).toBeLessThanOrEqual(48 * 1024 * 1024);
  }
  const before = server.chunks.filter((key) => key === 'a/20').length;
  expect(await seek(20 * CHUNK_MS - 100)).toBe(textOf(20));
  expect([before, server.chunks.filter((key) => key === 'a/20').length]).toEqual([1, 2]);
  expect(errors).toEqual([]);
});

test.runIf(isPossible)('what the replayer was fed is let go of at a snapshot, without a moment of nothing', async () => {
  server.recordings.set('long', longSession(8 * HOUR));
  await open('long');
  const first = await evaluate<number>(`player.stage.feed.limits.renewBytes = 20000; window.blank = 0; await player.seek(110000); player.speed = 8; player.play();
    player.addEventListener('sr-time', () => (blank += player.replayDocument?.getElementById('text') ? 0 : 1));
    return player.stage.feed.first`);
  await until('player.currentTime > 130000');
  await evaluate('player.pause()');
  expect(first).toBe(0);
  expect(await evaluate('return player.stage.feed.first')).toBe(24);
  expect(await evaluate('return [window.blank, player.replayDocument.defaultView.parent.document.querySelectorAll(".replayer-wrapper").length]')).toEqual([0, 1]);
  expect(await evaluate('return player.stage.feed.bytes < player.source.loader.bytes')).toBe(true);
  expect(errors).toEqual([]);
});

test.runIf(isPossible)('more than the limits between a snapshot and a moment is shown on request, by a seek and in play', async () => {
  const heavy = longSession(60_000, 100_000);
  heavy.manifest.windows[0]!.chunks.forEach((c) => (c.snapshot = c.seq === 0));
  server.recordings.set('heavy', heavy);
  await open('heavy');
  await evaluate('player.stage.feed.limits.spanBytes = 500000');
  const rest = page.getByRole('button', { name: 'Load the rest' });
  const shown = await seek(55_000);
  // As far as five of eleven batches go, and what is fed is not fed again.
  expect([textOf(3), textOf(4)]).toContain(shown);
  await page.getByText(/Too much happened since the last snapshot: the page is shown as it was at\s+0:(19|2\d)\./).waitFor();
  await rest.click();
  await text(textOf(11));
  await rest.waitFor({ state: 'detached' });
  await evaluate('player.stage.clear(); player.stage.feed.limits.spanBytes = 700000; await player.seek(20000); player.speed = 8; player.play()');
  await rest.waitFor();
  expect(await evaluate<boolean>('return player.playback.playing')).toBe(false);
  await rest.click();
  await rest.waitFor({ state: 'detached' });
  await evaluate('player.play()');
  await until('player.currentTime >= player.duration');
  await text(textOf(11));
  expect(errors).toEqual([]);
});

test.runIf(isPossible)('the mouse is shown from its first move on', async () => {
  server.recordings.set('short', longSession(60_000));
  await open('short');
  const mouse = page.frameLocator('session-replay-player .frame iframe').locator('.replayer-mouse');
  expect(await seek(0)).toBe(textOf(0));
  await expect.poll(() => mouse.isVisible()).toBe(false);
  expect(await seek(20_000)).toBe(textOf(4));
  await expect.poll(() => mouse.isVisible()).toBe(true);
});

test.runIf(isPossible)('while playing only what comes next is loaded', async () => {
  server.recordings.set('long', longSession(8 * HOUR));
  await open('long');
  await evaluate('player.speed = 8; player.play()');
  await text(textOf(4));
  await evaluate('player.pause()');
  const furthest = Math.max(...server.chunks.map((key) => Number(key.split('/')[1])));
  // 30 s ahead at eight times the speed, and one that begins then.
  expect(furthest).toBeLessThanOrEqual(Math.ceil(await evaluate<number>('return player.currentTime') / CHUNK_MS) + 8 * 6 + 2);
});

/** Five seconds of each of ten chunks; a snapshot in 0, 3 and 7. */
function broken() {
  const times = (seq: number): [number, number] => [START + seq * 1000, START + seq * 1000 + 900];
  const chunks = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((seq) => chunk(seq, ...times(seq), [0, 3, 7].includes(seq), [times(seq)]));
  return {
    manifest: manifest([{ id: 'a', clockOffset: 0, from: START, to: times(9)[1], url: 'https://shop.example/', title: 'Shop', closed: true, chunks: chunks.filter((c) => c.seq !== 5), missing: [[5, 5] as [number, number]] }]),
    events: (_: string, seq: number) => [move(times(seq)[0]), change(times(seq)[0] + 10, textOf(seq)), ...([0, 3, 7].includes(seq) ? pageEvents(times(seq)[1] - 5, textOf(seq)) : []), move(times(seq)[1])],
  };
}

test.runIf(isPossible)('after missing batches and chunks that cannot be read the playing goes on, and the gaps are shown', async () => {
  server.recordings.set('broken', broken());
  server.faults.set('a/1', [problem(500, 'chunk-corrupt', 'A stored part of the recording is damaged or was tampered with.')]);
  server.faults.set('a/8', [(response) => response.writeHead(200).end('no batch')]);
  await open('broken');
  await evaluate(`window.notices = new Set(); new MutationObserver(() => player.renderRoot.querySelectorAll('.chip').forEach((c) => notices.add(c.textContent)))
    .observe(player.renderRoot, { subtree: true, childList: true, characterData: true });
    window.seen = new Set(); (function look() { seen.add(player.replayDocument?.getElementById('text')?.textContent); requestAnimationFrame(look); })(); player.speed = 0.5; player.play()`);
  await until('player.currentTime > 9800');
  const seen = await evaluate<string[]>('return [...seen]');
  expect(seen).toEqual(expect.arrayContaining([0, 4, 7].map(textOf)));
  expect(seen.filter((t) => [1, 2, 5, 6, 8, 9].map(textOf).includes(t))).toEqual([]);
  await until('[...notices].some((notice) => notice.includes("damaged or was tampered with"))');
  await until('player.renderRoot.querySelector("session-replay-timeline").renderRoot.querySelectorAll(".gap").length === 3');
  expect(await evaluate('return player.renderRoot.querySelector("[role=alert]")')).toBeNull();
  expect(errors).toEqual([]);
});

test.runIf(isPossible)('while the store is out the player says what is unavailable and goes on by itself', async () => {
  server.recordings.set('short', longSession(60_000));
  const out = problem(503, 'blob-store-unavailable', 'The blob store is unavailable.', { 'Retry-After': '3' });
  server.faults.set('a/0', [out, out]);
  await page.goto(`${server.origin}/play/short`, { waitUntil: 'commit' });
  await page.getByText(/The blob store is unavailable\. Trying again in \d s\./).waitFor();
  await text(textOf(0));
  expect(server.chunks.filter((key) => key === 'a/0')).toHaveLength(3);
  await page.getByText('The blob store is unavailable.').waitFor({ state: 'detached' });
});

test.runIf(isPossible)('a store that stays out is a problem that can be tried again', async () => {
  server.recordings.set('short', longSession(60_000));
  const out = problem(503, 'blob-store-unavailable', 'The blob store is unavailable.', { 'Retry-After': '0' });
  server.faults.set('a/0', [out, out, out, out]);
  await page.goto(`${server.origin}/play/short`, { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Try again' }).click();
  await text(textOf(0));
});

test.runIf(isPossible).each<[string, string, (response: ServerResponse) => void]>([
  ['replay-frame', 'another page', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p>Sign in</p>')],
  ['replay-frame', 'nobody may frame it', (response) => response.writeHead(200, { 'Content-Type': 'text/html', 'X-Frame-Options': 'DENY' }).end('<!doctype html>')],
  ['replay-stage', 'another page', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p>Sign in</p>')],
  ['replay-stage', 'an error', problem(404, 'not-found', 'There is no such address.')],
])('without %s a recording is not drawn, and the player says why: %s', async (name, _, fault) => {
  server.recordings.set('short', longSession(60_000));
  server.frameFaults.set(name, [fault]);
  await page.goto(`${server.origin}/play/short`, { waitUntil: 'commit' });
  await page.getByText('The recorded page cannot be shown.').waitFor();
  expect(await evaluate('return player.replayDocument')).toBeNull();
  await page.getByRole('button', { name: 'Try again' }).click();
  await until('player.replayDocument?.getElementById("text")');
  expect(await seek(20_000)).toBe(textOf(4));
});

test.runIf(isPossible)('inactivity is skipped without loading it', async () => {
  const quiet = longSession(20 * 60_000);
  const [w] = quiet.manifest.windows;
  w!.chunks.forEach((c) => (c.active = c.seq > 1 && c.seq < 200 ? [] : c.active));
  server.recordings.set('quiet', quiet);
  quiet.manifest.session.bytes = 100_000_000;
  await open('quiet');
  await evaluate('player.speed = 4; player.play()');
  await until('player.currentTime > 990000');
  await evaluate('player.pause()');
  const between = server.chunks.map((key) => Number(key.split('/')[1])).filter((seq) => seq > 40 && seq < 190);
  expect(between).toEqual([]);
  await until('player.renderRoot.querySelector("session-replay-timeline").renderRoot.querySelectorAll(".idle").length === 1');
});

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
  const busy = longSession(60_000);
  const { events } = busy;
  busy.events = (w, seq) => (seq === 1 ? [...events(w, seq), request(START + 100, 'https://shop.example/api/cart?x=1', 200, 400), request(START + 300, 'https://shop.example/api/pay', 503, 800)] : events(w, seq));
  server.recordings.set('busy', busy);
  await open('busy');
  await page.getByRole('tab', { name: 'Network' }).click();
  const row = page.getByRole('option').filter({ hasText: '/api/cart?x=1' });
  await expect.poll(() => row.innerText().catch(() => '')).toMatch(/200[\s\S]*GET[\s\S]*400 ms · 2\.0 KiB · fetch/);
  const bars = () => page.evaluate(`[...document.querySelector('session-replay-player').renderRoot.querySelector('session-replay-events').renderRoot.querySelectorAll('.fall')].map((f) =>
    [...f.querySelectorAll('.waiting,.receiving')].map((i) => [parseFloat(i.style.left), parseFloat(i.style.width)]))`) as Promise<number[][][]>;
  // One axis for all: from 100 ms to 1,100 ms.
  await expect.poll(async () => (await bars()).map((b) => b.map(([left, width]) => [Math.round(left!), Math.round(width!)]))).toEqual([[[0, 20], [20, 20]], [[20, 40], [60, 40]]]);
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
  const tab = (id: string, from: number, to: number) => ({ id, clockOffset: 0, from, to, url: `https://shop.example/${id}`, title: `Tab ${id}`, closed: true, missing: [], chunks: [chunk(0, from, from, true, [[from, from]]), chunk(1, to, to, false, [[to, to]])] });
  server.recordings.set('tabs', {
    manifest: manifest([tab('a', START, START + 60_000), tab('b', START + 20_000, START + 40_000)]),
    events: (w, seq) => (seq === 0 ? pageEvents(w === 'a' ? START : START + 20_000, `page ${w}`) : [log(w === 'a' ? START + 60_000 : START + 40_000, 'log', w)]),
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
  const drawn = await evaluate<Record<string, number>>(`const root = player.renderRoot.querySelector('session-replay-timeline').renderRoot; const count = (s) => root.querySelectorAll(s).length;
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

test.runIf(isPossible)('a narrow window cuts off no tab, escape closes the details of an event', async () => {
  await page.setViewportSize({ width: 1024, height: 800 });
  server.recordings.set('short', longSession(60_000));
  await open('short');
  expect(await evaluate('const list = player.renderRoot.querySelector("[role=tablist]"); return list.scrollWidth <= list.clientWidth')).toBe(true);
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.locator('session-replay-events').getByRole('option').first().click();
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor({ state: 'detached' });
});

test.runIf(isPossible).each(['light', 'dark'] as const)('nothing in the player is inaccessible by the rules of axe: %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // axe needs to be put into the page, which the console's policy forbids.
  await page.close();
  page = player.page = await page.context().browser()!.newPage({ viewport: { width: 1440, height: 900 }, bypassCSP: true, colorScheme, reducedMotion: 'reduce' });
  const busy = longSession(60_000);
  const { events } = busy;
  busy.events = (w, seq) => (seq === 1 ? [...events(w, seq), request(START + 400, 'https://shop.example/api/pay', 503, 800), { time: START + 500, performance: { name: 'LCP', value: 3000, rating: 'needs-improvement', target: '' } }] : events(w, seq));
  const [first] = busy.manifest.windows;
  busy.manifest.windows.push({ ...first!, id: 'b', title: 'Other tab', from: START + 10_000, to: START + 50_000, chunks: first!.chunks.slice(2, 9) });
  server.recordings.set('busy', busy);
  await open('busy');
  await evaluate('player.playback.preferred = "a"');
  await seek(20_000);
  for (const tab of ['Session', 'Events', 'Console', 'Network', 'Performance']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect.poll(async () => [tab, ...await violations(page)]).toEqual([tab]);
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
