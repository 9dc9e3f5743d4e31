// Visits the shop as a few customers would, then takes pictures of the session list and of the player.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { chromium } = createRequire(new URL('../js/package.json', import.meta.url))('playwright-core');
const [url, folder] = process.argv.slice(2);
// Visitors come to the shop under a name of its own: the address of this machine would say nothing to a reader.
const shop = 'http://shop.example.com';
const maxBytes = 120_000;
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    `--host-resolver-rules=MAP shop.example.com:80 ${new URL(url).host}`, `--unsafely-treat-insecure-origin-as-secure=${shop}`,
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});

const agents = {
  safari: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
};

let visits = 0;

async function visit(steps, options = {}) {
  visits++;
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    baseURL: shop,
    // Addresses for documentation (RFC 5737).
    extraHTTPHeaders: { 'X-Forwarded-For': `203.0.113.${20 + visits}` },
    ...options,
  });
  const page = await context.newPage();
  const open = async (path) => {
    await page.goto(path);
    await page.waitForFunction(() => Boolean(window.SessionReplay?.current()?.sessionId));
    await page.waitForTimeout(700);
  };
  await steps(page, open);
  await page.evaluate(() => window.SessionReplay.current().flush());
  await page.waitForTimeout(1500);
  await page.goto('about:blank');
  await page.waitForTimeout(500);
  await context.close();
}

async function signIn(page, open, name, email) {
  await open('/login');
  await page.fill('[name=name]', name);
  await page.fill('[name=email]', email);
  await page.locator('[name=password]').pressSequentially('correct-horse-9281', { delay: 20 });
  await page.click('form.form button[type=submit]');
  await page.locator('#user-name').waitFor();
  await page.waitForTimeout(600);
}

/** Reads a few pages, as most visitors do. */
const browse = (...paths) => async (page, open) => {
  for (const path of paths) {
    await open(path);
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(500);
  }
};

try {
  await visit(browse('/category/tents', '/product/ridge-2', '/product/fell-30', '/help'), { userAgent: agents.edge });
  await visit(browse('/', '/category/packs', '/search?q=stove'), { userAgent: agents.safari, viewport: { width: 390, height: 844 } });
  await visit(async (page, open) => {
    await signIn(page, open, 'Alan Turing', 'alan@example.com');
    await browse('/category/kitchen', '/product/ember-stove')(page, open);
  });
  await visit(async (page, open) => {
    await open('/');
    await open('/category/kitchen');
    await page.selectOption('#sort', '-price');
    await page.waitForTimeout(400);
  }, { viewport: { width: 1440, height: 900 } });
  await visit(async (page, open) => {
    await open('/');
    await open('/product/ridge-4');
    await page.locator('.buy [data-add]').click();
    await page.waitForTimeout(500);
  }, { userAgent: agents.safari, viewport: { width: 390, height: 844 } });
  await visit(async (page, open) => {
    await signIn(page, open, 'Grace Hopper', 'grace@example.com');
    await open('/help');
    await page.click('#throw');
    await page.waitForTimeout(300);
    await page.click('#failed-fetch');
    await page.waitForTimeout(600);
  }, { userAgent: agents.edge });
  await visit(async (page, open) => {
    await open('/');
    await page.mouse.move(400, 300, { steps: 20 });
    await signIn(page, open, 'Ada Lovelace', 'ada@example.com');
    await page.locator('#search-box').pressSequentially('tent', { delay: 60 });
    await page.locator('#suggestions li').first().waitFor();
    await page.press('#search-box', 'Enter');
    await page.waitForURL('**/search?q=tent');
    await page.waitForTimeout(900);
    await open('/product/ridge-4');
    await page.mouse.move(900, 400, { steps: 25 });
    await page.locator('.buy [data-add]').click();
    await page.locator('#toast').waitFor();
    await page.waitForTimeout(1200);
    await open('/cart');
    await page.waitForTimeout(600);
    await page.click('#to-checkout');
    await page.waitForURL('**/checkout');
    await page.waitForTimeout(700);
    await page.fill('#Input_Email', 'ada@example.com');
    await page.fill('#Input_Name', 'Ada Lovelace');
    await page.locator('#Input_Card').pressSequentially('4111 1111 1111 1111', { delay: 30 });
    await page.waitForTimeout(800);
  });

  let ada;
  for (let i = 0; i < 240 && !ada; i++) {
    const { sessions } = await (await fetch(`${url}/session-replay/api/sessions`)).json();
    // All visits are in the list, and Ada's to its last page.
    ada = sessions.length >= visits && sessions.find((session) => session.user?.email === 'ada@example.com' && session.pages >= 7);
    if (!ada) await new Promise((resolve) => setTimeout(resolve, 250));
    if (i === 239) throw new Error(`The visits are not in the list after a minute: ${JSON.stringify(sessions)}`);
  }

  for (const scheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: scheme, baseURL: url });
    const page = await context.newPage();
    await page.goto('/session-replay');
    await page.locator("session-replay-list a[href*='/sessions/']").nth(visits - 1).waitFor();
    await page.waitForTimeout(500);
    await save(page, `list-${scheme}`);

    await page.goto(`/session-replay/tenants/${ada.tenant}/sessions/${ada.id}`);
    const player = page.locator('session-replay-player').first();
    await page.waitForFunction((element) => element.replayDocument?.body?.firstElementChild, await player.elementHandle(), { timeout: 60_000 });
    await player.evaluate(async (element) => {
      element.pause?.();
      await element.seek(element.duration * 0.55);
    });
    await page.waitForTimeout(1500);
    await save(page, `player-${scheme}`);
    await context.close();
  }
} finally {
  await browser.close();
}

/** Playwright writes PNG; the browser itself makes WebP of it, in the best quality that is small enough. */
async function save(page, name) {
  const png = (await page.screenshot()).toString('base64');
  const blank = await browser.newPage();
  let webp;
  for (const quality of [0.9, 0.8, 0.7, 0.6, 0.5]) {
    const data = await blank.evaluate(async ([base64, quality]) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
      const canvas = document.createElement('canvas');
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.getContext('2d').drawImage(bitmap, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    }, [png, quality]);
    webp = Buffer.from(data.split(',')[1], 'base64');
    if (webp.length <= maxBytes * 0.8) break;
  }
  await blank.close();
  writeFileSync(join(folder, `${name}.webp`), webp);
  if (process.env.SCREENSHOTS_PNG) writeFileSync(join(process.env.SCREENSHOTS_PNG, `${name}.png`), Buffer.from(png, 'base64'));
}
