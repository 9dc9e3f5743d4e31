import { expect, test } from 'vitest';
import { CHUNK_BYTES, CHUNK_MS, longSession, textOf } from './support/long-session.ts';
import { errors, evaluate, isPossible, open, page, seek, server, text, until } from './support/open-player.ts';

const HOUR = 3_600_000;
/** Chunks that come with one request. */
const AHEAD = Math.ceil((2 * 1024 * 1024) / CHUNK_BYTES);

test.runIf(isPossible)('an eight-hour session begins with as few requests as one of a minute', async () => {
  server.recordings.set('short', longSession(60_000)).set('long', longSession(8 * HOUR));
  await page.addInitScript(`addEventListener('sr-ready', () => (window.begun = true))`);
  for (const id of ['short', 'long']) {
    server.reset();
    await page.goto(`${server.origin}/play/${id}`, { waitUntil: 'commit' });
    await until('window.begun === true');
    // What is played after the first page comes with it: of a short session, all.
    expect(server.requests).toHaveLength(1);
    expect(new Set(server.chunks).size).toBe(id === 'short' ? 12 : AHEAD);
  }
  // Of a long one nothing is: no such loading has begun, and what is asked for next is what a seek needs.
  expect(await evaluate('return [player.shown.source.progress === undefined, player.shown.source.unlisted > 0]')).toEqual([true, true]);
  expect(await seek(4 * HOUR)).toContain('moment');
  expect(server.recordings.get('long')!.manifest.windows[0]!.chunks).toHaveLength(5760);
  expect(server.requests).toHaveLength(2);
});

test.runIf(isPossible)('a seek to any moment of eight hours asks for no more than lies between two snapshots', async () => {
  server.recordings.set('long', longSession(8 * HOUR));
  await open('long');
  for (const seq of [3000, 5759, 24 * 7 + 23, 1, 4001]) {
    server.reset();
    expect(await seek((seq - 1) * CHUNK_MS + 4900)).toBe(textOf(seq));
    expect(server.requests.length).toBeLessThanOrEqual(1);
    expect(server.chunks.length).toBeLessThanOrEqual(24 + AHEAD);
  }
  server.reset();
  await evaluate('player.seek(1000); player.seek(3600000); player.seek(7200000 + 4000); await player.seek(3600000 + 4000)');
  await text(textOf(721));
  // Of the seeks that were overtaken, at most what had begun was loaded.
  expect(server.requests.length).toBeLessThanOrEqual(3);
});

test.runIf(isPossible)('memory is bounded: what was played long ago is let go of, and loaded again when it is seen again', async () => {
  server.recordings.set('heavy', longSession(HOUR, 200_000));
  await open('heavy');
  for (let minute = 1; minute < 60; minute += 2) {
    expect(await seek(minute * 60_000 + 55_000)).toContain('moment');
  }
  const before = server.chunks.filter((key) => key === 'a/20').length;
  expect(await seek(20 * CHUNK_MS - 100)).toBe(textOf(20));
  expect([before, server.chunks.filter((key) => key === 'a/20').length]).toEqual([1, 2]);
  expect(errors).toEqual([]);
});

test.runIf(isPossible)('what the replayer was fed is let go of at a snapshot, without a moment of nothing', async () => {
  server.recordings.set('long', longSession(8 * HOUR));
  await open('long');
  const first =
    await evaluate<number>(`player.shown.stage.feed.limits.renewBytes = 20000; window.blank = 0; await player.seek(110000); player.speed = 8; player.play();
    player.addEventListener('sr-time', () => (blank += player.replayDocument?.getElementById('text') ? 0 : 1));
    return player.shown.stage.feed.first`);
  await until('player.currentTime > 130000');
  await evaluate('player.pause()');
  expect(first).toBe(0);
  expect(await evaluate('return player.shown.stage.feed.first')).toBe(24);
  expect(
    await evaluate('return [window.blank, player.replayDocument.defaultView.parent.document.querySelectorAll(".replayer-wrapper").length]'),
  ).toEqual([0, 1]);
  expect(await evaluate<number>('return player.shown.stage.feed.bytes')).toBeLessThan(24 * CHUNK_BYTES);
  expect(errors).toEqual([]);
});

test.runIf(isPossible)('more than the limits between a snapshot and a moment is shown on request, by a seek and in play', async () => {
  const heavy = longSession(60_000, 100_000);
  heavy.manifest.windows[0]!.chunks.forEach((c) => (c.snapshot = c.seq === 0));
  server.recordings.set('heavy', heavy);
  await open('heavy');
  await evaluate('player.shown.stage.feed.limits.spanBytes = 500000');
  const rest = page.getByRole('button', { name: 'Load the rest' });
  const shown = await seek(55_000);
  // As far as five of eleven batches go, and what is fed is not fed again.
  expect([textOf(3), textOf(4)]).toContain(shown);
  await page.getByText(/Too much happened since the last snapshot: the page is shown as it was at\s+0:(19|2\d)\./).waitFor();
  await rest.click();
  await text(textOf(11));
  await rest.waitFor({ state: 'detached' });
  await evaluate(
    'player.shown.stage.clear(); player.shown.stage.feed.limits.spanBytes = 700000; await player.seek(20000); player.speed = 8; player.play()',
  );
  await rest.waitFor();
  expect(await evaluate<boolean>('return player.shown.playback.playing')).toBe(false);
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
  // 30 s ahead at eight times the speed, what one request brings, and one that begins then.
  expect(furthest).toBeLessThanOrEqual(Math.ceil(await evaluate<number>('return player.currentTime') / CHUNK_MS) + 8 * 6 + 2 + AHEAD);
});

test.runIf(isPossible)('inactivity is skipped without loading it', async () => {
  const quiet = longSession(60 * 60_000);
  const [w] = quiet.manifest.windows;
  w!.chunks.forEach((c) => (c.active = c.seq > 1 && c.seq < 600 ? [] : c.active));
  server.recordings.set('quiet', quiet);
  quiet.manifest.session.bytes = 100_000_000;
  await open('quiet');
  await evaluate('player.speed = 4; player.play()');
  await until('player.currentTime > 2990000');
  await evaluate('player.pause()');
  const between = server.chunks.map((key) => Number(key.split('/')[1])).filter((seq) => seq > AHEAD + 24 && seq < 570);
  expect(between).toEqual([]);
  await until('player.renderRoot.querySelector("session-replay-timeline").renderRoot.querySelectorAll(".idle").length === 1');
});
