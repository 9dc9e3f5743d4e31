// usage: node live.mjs HOST [--seconds N]
// Measures how far the viewer of a session that arrives is behind its visitor: the visitor's page writes the time, and the replay shows it.
import { chromium } from 'playwright-core';
import { median } from './measure.mjs';

const [host, ...args] = process.argv.slice(2);
const seconds = Number(args.includes('--seconds') ? args[args.indexOf('--seconds') + 1] : 60);
const PATIENCE_MS = 60_000;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
try {
  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(`${host}/`);
  await until(() => visitor.evaluate('Boolean(window.SessionReplay?.current()?.sessionId)'), 'recording');
  const session = await visitor.evaluate('SessionReplay.current().sessionId');
  await visitor.evaluate(`setInterval(() => { document.querySelector('h1').textContent = 'at ' + Date.now(); }, 250)`);

  const manifest = `${host}/session-replay/api/tenants/shop/sessions/${session}/manifest`;
  await until(async () => (await fetch(manifest)).ok, 'session');
  const viewer = await (await browser.newContext()).newPage();
  await viewer.goto(`${host}/session-replay/tenants/shop/sessions/${session}`);
  await viewer.getByRole('button', { name: 'Go live' }).click();
  const behind = [];
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await viewer.waitForTimeout(200)) {
    // A visitor who watches something moves the mouse now and then.
    await visitor.mouse.move(100 + (Date.now() % 300), 200);
    const at = await viewer.evaluate(shown());
    behind.push(...(at ? [Date.now() - at] : []));
  }
  // What passes until the recorder has heard of the viewer is not counted.
  const steady = behind.slice(Math.floor(behind.length / 4)).sort((a, b) => a - b);
  const row = (name, ms) => console.log(`| ${name} | ${(ms / 1000).toFixed(2)} |`);
  console.log(`\nViewer behind visitor, ${steady.length} looks in ${seconds} s\n\n| | seconds |\n| --- | --- |`);
  row('median', median(steady));
  row('95 of 100 below', steady[Math.floor(steady.length * 0.95)]);
  row('greatest', steady.at(-1));
} finally {
  await browser.close();
}

/** Reads the time that the replay shows, or 0. */
function shown() {
  return `Number(/at (\\d+)/.exec(document.querySelector('session-replay-player')?.replayDocument?.querySelector('h1')?.textContent)?.[1] ?? 0)`;
}

async function until(condition, what) {
  for (const end = Date.now() + PATIENCE_MS; !(await condition()); await new Promise((resolve) => setTimeout(resolve, 100))) {
    if (Date.now() > end) {
      throw new Error(`No ${what} after ${PATIENCE_MS / 1000} s.`);
    }
  }
}
