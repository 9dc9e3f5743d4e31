import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { START, longSession, textOf } from './support/long-session.ts';
import { errors, evaluate, isPossible, open, page, seek, server, text, until } from './support/open-player.ts';
import { change, chunk, manifest, move, page as pageEvents } from './support/recordings.ts';
import { problem } from './support/replay-server.ts';

/** Five seconds of each of ten chunks; a snapshot in 0, 3 and 7. */
function broken() {
  const times = (seq: number): [number, number] => [START + seq * 1000, START + seq * 1000 + 900];
  const chunks = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((seq) => chunk(seq, ...times(seq), [0, 3, 7].includes(seq), [times(seq)]));
  return {
    manifest: manifest([
      {
        id: 'a', clockOffset: 0, from: START, to: times(9)[1], url: 'https://shop.example/', title: 'Shop', closed: true,
        chunks: chunks.filter((c) => c.seq !== 5), missing: [[5, 5] as [number, number]],
      },
    ]),
    events: (_: string, seq: number) => [
      move(times(seq)[0]),
      change(times(seq)[0] + 10, textOf(seq)),
      ...([0, 3, 7].includes(seq) ? pageEvents(times(seq)[1] - 5, textOf(seq)) : []),
      move(times(seq)[1]),
    ],
  };
}

test.runIf(isPossible)('after missing batches and chunks that cannot be read the playing goes on, and the gaps are shown', async () => {
  server.recordings.set('broken', broken());
  server.bad.set('a/1', { problem: { code: 'chunk-corrupt', title: 'A stored part of the recording is damaged or was tampered with.' } });
  server.bad.set('a/8', { body: 'no batch' });
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
  [
    'replay-frame',
    'another page',
    (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p>Sign in</p>'),
  ],
  [
    'replay-frame',
    'nobody may frame it',
    (response) => response.writeHead(200, { 'Content-Type': 'text/html', 'X-Frame-Options': 'DENY' }).end('<!doctype html>'),
  ],
  [
    'replay-stage',
    'another page',
    (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p>Sign in</p>'),
  ],
  ['replay-stage', 'an error', problem(404, 'not-found', 'The address does not exist.')],
])('without %s a recording is not drawn, and the player says why: %s', async (name, _, fault) => {
  server.recordings.set('short', longSession(60_000));
  server.frameFaults.set(name, Array.from({ length: 10 }, () => fault));
  await page.goto(`${server.origin}/play/short`, { waitUntil: 'commit' });
  await page.getByText('The recorded page cannot be shown.').waitFor();
  expect(await evaluate('return player.replayDocument')).toBeNull();
  server.frameFaults.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await until('player.replayDocument?.getElementById("text")');
  expect(await seek(20_000)).toBe(textOf(4));
});
