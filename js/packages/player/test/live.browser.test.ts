import { expect, test } from 'vitest';
import { longSession, textOf } from './support/long-session.ts';
import { errors, evaluate, isPossible, open, page, server, text, until } from './support/open-player.ts';

/** A session of which the first so many batches have arrived. */
function arriving(count: number): ReturnType<typeof longSession> {
  const session = longSession(120_000);
  const [w] = session.manifest.windows;
  w!.chunks = w!.chunks.slice(0, count);
  w!.to = w!.chunks.at(-1)!.to;
  Object.assign(session.manifest.session, { live: true, endedAt: null, chunks: count });
  return session;
}

test.runIf(isPossible)('a viewer of a session that is arriving sees what comes as it comes', async () => {
  server.recordings.set('live', arriving(3));
  await open('live');
  await page.getByRole('button', { name: 'Go live' }).click();
  await text(textOf(2));
  await page.getByText('Still recording: the next part has not arrived yet.').waitFor();
  server.recordings.set('live', arriving(5));
  await text(textOf(4));
  await expect.poll(() => page.getByRole('button', { name: 'Go live' }).count()).toBe(0);
  const ended = longSession(30_000);
  server.recordings.set('live', ended);
  await until('player.shown.source.timeline.manifest.session.live === false');
  const asked = server.manifests;
  await page.waitForTimeout(500);
  expect(server.manifests).toBe(asked);
  expect(await evaluate('return player.duration')).toBeGreaterThan(20_000);
  expect(errors).toEqual([]);
});
