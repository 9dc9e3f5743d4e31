import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

// The build of Chromium without windows: the same engine for a third of the processor. End-to-end tests run in the whole browser.
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium-headless-shell';

/** Whether a real browser can be started; with CI=true a missing one fails instead of skipping. */
export function hasBrowser(): boolean {
  const found = existsSync(executablePath);
  if (!found && process.env['CI'] === 'true') {
    throw new Error(`${executablePath} is not installed: apt-get install -y chromium-headless-shell`);
  }
  if (!found) {
    console.warn(`skipped: ${executablePath} is not installed (apt-get install -y chromium-headless-shell)`);
  }
  return found;
}

/** Starts headless Chromium that talks to nobody but the test. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync',
    ],
  });
}
