import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { longSession } from './support/long-session.ts';
import { usePlayer } from './support/player-browser.ts';

const player = usePlayer();
const { isPossible, server } = player;
let page: Page;

beforeEach(async () => {
  const recording = longSession(60_000);
  server.recordings.set('s', { ...recording, manifest: { ...recording.manifest, session: { ...recording.manifest.session, live: true } } });
  page = player.page;
  await page.addInitScript(`addEventListener('sr-ready', () => (window.isReady = true))`);
  await page.goto(`${server.origin}/play/s`, { waitUntil: 'commit' });
  await expect.poll(() => page.evaluate('window.isReady')).toBe(true);
  // A page of the application's own has no list to go back to.
  await page.evaluate(`document.querySelector('session-replay-player').back = ''`);
  await page.getByText('ada@example.com').first().waitFor();
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.locator('session-replay-events').getByRole('option').first().click();
});

/** What a player shows, without the marks of its templates. */
const CONTENT = `(player) => player.shadowRoot.innerHTML.replace(/<!--.*?-->| style=""/g, '') + player.getAttribute('style')`;

/** What a player shows that is opened when the session is gone. */
async function opened(): Promise<unknown> {
  await page.evaluate(`(() => {
    const player = document.querySelector('session-replay-player').cloneNode();
    player.id = 'opened';
    player.removeAttribute('back');
    player.removeAttribute('style');
    document.querySelector('main').append(player);
  })()`);
  await page.locator('#opened').getByRole('alert').waitFor();
  return page.evaluate(`(${CONTENT})(document.querySelector('#opened')).replace('null', '')`);
}

const shown = () => page.evaluate(`(${CONTENT})(document.querySelector('session-replay-player:not(#opened)')).replace('null', '')`);
const kept = () =>
  page.evaluate(`(({ shown, selected, notice }) =>
    [shown.source, shown.playback, shown.stage, shown.waiting, selected, notice].filter(Boolean).length)(
      document.querySelector('session-replay-player'))`);

test.runIf(isPossible)('a session that is deleted in the player leaves nothing: the player is as one that is opened afterwards', async () => {
  await page.evaluate(`(() => {
    const player = document.querySelector('session-replay-player');
    window.events = [];
    for (const name of ['sr-deleted', 'sr-error']) {
      player.addEventListener(name, () => window.events.push(name));
    }
    window.source = new WeakRef(player.shown.source);
    player.changeSpeed(1);
  })()`);
  await page.getByText('Speed 2×').waitFor();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await page.getByRole('alert').getByText('The session was deleted').waitFor();
  expect(await page.evaluate('window.events')).toEqual(['sr-deleted']);
  expect(await kept()).toBe(0);
  expect(await shown()).toBe(await opened());
  expect(await shown()).not.toContain('ada');
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
  const devtools = await page.context().newCDPSession(page);
  await expect.poll(async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    return page.evaluate('window.source.deref() === undefined');
  }).toBe(true);
});

test.runIf(isPossible)('a session that somebody else deletes while it is live leaves nothing of it either', async () => {
  server.deleted.add('s');
  await page.getByRole('alert').getByText('The session was deleted').waitFor();
  expect(await kept()).toBe(0);
  expect(await shown()).toBe(await opened());
});
