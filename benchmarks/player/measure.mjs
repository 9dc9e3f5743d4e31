// Opens a session in a browser of its own, and measures: the first frame, seeks, and what the page's processes took of memory.
import { readFileSync, readdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const SEEKS = 20;
const PATIENCE_MS = 180_000;

/**
 * @param url The page with the player.
 * @param player How it is driven, as JavaScript: `doc()` gives the replayed document, `seek(ms)` shows a moment, `ready()` says that it
 * can be driven.
 */
export async function measure(url, player, duration) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--enable-precise-memory-info'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(PATIENCE_MS);
    let requests = 0;
    page.on('request', () => requests++);
    await page.addInitScript(`(() => {
      const player = ${player};
      window.bench = player;
      // The page is there when its elements are, and a frame with them was drawn.
      const look = () => {
        const document = player.doc();
        if (document && document.body && document.body.querySelectorAll('*').length > 30) {
          requestAnimationFrame(() => { window.firstFrame = performance.now(); });
        } else {
          requestAnimationFrame(look);
        }
      };
      requestAnimationFrame(look);
    })()`);
    await page.goto(url, { waitUntil: 'commit' });
    // Not waitForFunction: the console's policy allows no eval.
    for (const end = Date.now() + PATIENCE_MS; !(await page.evaluate('Boolean(window.firstFrame && bench.ready())')); ) {
      if (Date.now() > end) {
        throw new Error(`${url} shows nothing.`);
      }
      await page.waitForTimeout(50);
    }
    const first = await page.evaluate('window.firstFrame');
    const firstRequests = requests;
    await page.waitForTimeout(3000);
    const seeks = [];
    for (const ms of moments(duration)) {
      seeks.push(await page.evaluate(`(async () => {
        const begun = performance.now();
        await bench.seek(${ms});
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        return performance.now() - begun;
      })()`));
      await page.waitForTimeout(200);
    }
    return { first, requests: firstRequests, seek: median(seeks), memory: peakMemory(browserPid()) };
  } finally {
    await browser.close();
  }
}

/** The same moments for each player: spread over the session, and in no order. */
function moments(duration) {
  return Array.from({ length: SEEKS }, (_, i) => Math.floor((((i * 7 + 3) % SEEKS) + 0.37) / SEEKS * duration));
}

/** The middle of some numbers. */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The newest browser that this process has started. */
function browserPid() {
  const own = children().filter(({ parent, command }) => parent === process.pid && command.includes('--remote-debugging-pipe'));
  return own.at(-1).pid;
}

/** What the process of the page took at most, in bytes: the largest of those that show pages, for the browser keeps others in reserve. */
function peakMemory(browser) {
  const all = children();
  const within = new Set([browser]);
  for (let size = 0; size !== within.size;) {
    size = within.size;
    all.filter(({ parent }) => within.has(parent)).forEach(({ pid }) => within.add(pid));
  }
  return all.filter(({ pid, command }) => within.has(pid) && command.includes('--type=renderer'))
    .reduce((most, { pid }) => Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024), 0);
}

function children() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'));
      return [{ pid: Number(name), parent: Number(parent), command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
    } catch {
      return [];
    }
  });
}
