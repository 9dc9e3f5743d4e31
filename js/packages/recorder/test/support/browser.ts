import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

// The build of Chromium without windows: the same engine for a third of the processor. End-to-end tests run in the whole browser.
export const BROWSER = process.env['CHROMIUM'] ?? '/usr/bin/chromium-headless-shell';

/** What makes it talk to nobody but the test. */
export const BROWSER_ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
];

/** Whether a real browser can be started; with CI=true a missing one fails instead of skipping. */
export function hasBrowser(): boolean {
  const found = existsSync(BROWSER);
  if (!found && process.env['CI'] === 'true') {
    throw new Error(`${BROWSER} is not installed: apt-get install -y chromium-headless-shell`);
  }
  if (!found) {
    console.warn(`skipped: ${BROWSER} is not installed (apt-get install -y chromium-headless-shell)`);
  }
  return found;
}

/** Starts headless Chromium that talks to nobody but the test. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: BROWSER, args: BROWSER_ARGUMENTS });
}
