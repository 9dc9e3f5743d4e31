import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether a real browser can be started; with CI=true a missing one fails instead of skipping. */
export function hasBrowser(): boolean {
  const found = existsSync(executablePath);
  if (!found && process.env['CI'] === 'true') {
    throw new Error(`${executablePath} is not installed: apt-get install -y chromium`);
  }
  if (!found) {
    console.warn(`skipped: ${executablePath} is not installed (apt-get install -y chromium)`);
  }
  return found;
}

/** Starts headless Chromium that talks to nobody but the test. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
