// Records, leaves, lists, plays and seeks in another browser. usage: node main-paths.mjs firefox|webkit ORIGIN PLAYER-PATH-WITH-{id} [webdriver port]
// Prints what it saw as one line of JSON.
const [name, origin, playerPath, port] = process.argv.slice(2);
const TIMEOUT_MS = 120_000;

async function firefox() {
  const { launch } = await import('puppeteer-core');
  const browser = await launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true, timeout: TIMEOUT_MS, protocolTimeout: TIMEOUT_MS });
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  return {
    goto: (path) => page.goto(origin + path, { waitUntil: 'load', timeout: TIMEOUT_MS }),
    run: (body) => page.evaluate(`(async () => { ${body} })()`),
    close: () => browser.close(),
  };
}

async function webkit() {
  const { Builder, Capabilities } = await import('selenium-webdriver');
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    pageLoadStrategy: 'none',
    'webkitgtk:browserOptions': { binary: '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', args: ['--automation'] },
  });
  const driver = await new Builder().usingServer(`http://127.0.0.1:${port}/`).withCapabilities(capabilities).build();
  await driver.manage().setTimeouts({ script: TIMEOUT_MS });
  return {
    goto: (path) => driver.get(origin + path),
    run: async (body) => {
      const [value, error] = await driver.executeAsyncScript(`const done = arguments[arguments.length - 1]; (async () => { ${body} })().then((v) => done([v]), (e) => done([null, String(e)]));`);
      if (error) {
        throw new Error(error);
      }
      return value;
    },
    close: () => driver.quit(),
  };
}

/** Runs a body until it gives something; while a page is exchanged for another it may fail. */
async function until(browser, body, what) {
  let last;
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
    try {
      last = await browser.run(body);
      if (last) {
        return last;
      }
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`not within ${TIMEOUT_MS} ms: ${what}; last ${last}`);
}

const PLAYER = `const player = document.querySelector('session-replay-player'); const text = () => player.replayDocument?.getElementById('p')?.textContent;`;
const browser = await { firefox, webkit }[name]();
try {
  await browser.goto('/nodes/text-changes');
  const session = await until(browser, `return location.pathname === '/nodes/text-changes' && window.SessionReplay?.current()?.sessionId`, 'the recorder');
  const typed = await browser.run(`for (const step of window.steps) { await new Promise((r) => setTimeout(r, 500)); step(); } await new Promise((r) => setTimeout(r, 500)); return document.getElementById('p').textContent;`);
  await browser.goto('/nodes/moved');
  await until(browser, `return location.pathname === '/nodes/moved' && window.SessionReplay?.current()?.sessionId`, 'the next page');
  await browser.goto('/session-replay');
  const listed = await until(browser, `return document.querySelector('session-replay-list')?.renderRoot?.innerHTML.includes('${session}')`, 'the session in the list');
  await browser.goto(playerPath.replace('{id}', session));
  await until(browser, `${PLAYER} return text()`, 'the player');
  await until(browser, `${PLAYER} player.pause(); await player.seek(0); return text() === 'text'`, 'the begin after a seek');
  const afterSeek = await until(browser, `${PLAYER} for (let at = 0; at < player.duration; at += 300) { await player.seek(at); if (text() === ${JSON.stringify(typed)}) return text(); }`, 'the last text after a seek');
  // Looked for in the page: the next page follows within a second.
  const afterPlay = await until(browser, `${PLAYER} await player.seek(0); player.speed = 0.5; player.play();
    return new Promise((resolve) => { const end = performance.now() + 20_000;
      (function look() { text() === ${JSON.stringify(typed)} ? resolve(text()) : performance.now() > end ? resolve('') : setTimeout(look, 20); })(); })`, 'the last text in play');
  console.log(JSON.stringify({ session, typed, listed, afterSeek, afterPlay }));
} finally {
  await browser.close();
}
