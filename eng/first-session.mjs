// Visits the shop, then finds the visit in the console and waits until the player shows it.
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../js/package.json', import.meta.url))('playwright-core');
const url = process.argv[2];
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const visit = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await visit.goto(url);
  await visit.locator('[data-add]').first().click();
  await visit.locator('#toast').waitFor();
  await visit.goto('about:blank');

  let session;
  for (let i = 0; i < 240 && !session; i++) {
    const answer = await (await fetch(`${url}/session-replay/api/sessions`)).json();
    session = answer.sessions[0];
    if (!session) await new Promise((resolve) => setTimeout(resolve, 250));
  }
  if (!session) throw new Error('The visit is not in the list after a minute.');

  const viewer = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await viewer.goto(`${url}/session-replay/tenants/${session.tenant}/sessions/${session.id}`);
  const player = viewer.locator('session-replay-player').first();
  await player.waitFor();
  const handle = await player.elementHandle();
  await viewer.waitForFunction((element) => element.replayDocument?.body?.innerText.includes('Go out. Stay a while.'), handle, { timeout: 60_000 });
} finally {
  await browser.close();
}
