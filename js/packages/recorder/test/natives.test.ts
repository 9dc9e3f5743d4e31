import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

const script = readFileSync(join(import.meta.dirname, 'support', 'native-calls.js'), 'utf8');

declare global {
  interface Window {
    callNatives: () => Promise<string[]>;
    lookAtNatives: () => string[];
  }
}

describe.runIf(hasBrowser())('functions of the browser that are watched', () => {
  const h = useHarness();
  const open = async (isRecorded: boolean): Promise<void> => {
    h.server.pages['/data.json'] = '{}';
    h.server.pages['/plain'] = '<!doctype html><p>x</p>';
    h.server.pages['/'] = html('<p>x</p>', 'data-network=full');
    await h.openRecorded(isRecorded);
    await h.page.evaluate(script);
  };

  test('throw, return, convert and read as without the recorder', async () => {
    const run = async (isRecorded: boolean) => {
      await open(isRecorded);
      return h.page.evaluate(() => window.callNatives());
    };
    const plain = await run(false);
    const recorded = await run(true);
    expect(plain.length).toBeGreaterThan(900);
    const address = /http:\/\/127\.0\.0\.1:\d+\/(plain)?/g;
    const withoutAddress = (lines: string[]) => lines.map((line) => line.replace(address, 'ADDRESS'));
    expect(withoutAddress(recorded)).toEqual(withoutAddress(plain));
    // Promises that the page leaves unhandled are unhandled with the recorder too.
    expect(h.pageErrors.splice(h.pageErrors.length / 2)).toEqual(h.pageErrors);
  });

  test('look as without the recorder, while it records and after it has stopped', async () => {
    await open(false);
    const plain = await h.page.evaluate(() => window.lookAtNatives());
    await open(true);
    expect(await h.page.evaluate(() => Boolean(window.SessionReplay!.current()!.sessionId))).toBe(true);
    expect(await h.page.evaluate(() => window.lookAtNatives())).toEqual(plain);
    await h.page.evaluate(() => window.SessionReplay!.current()!.stop());
    expect(await h.page.evaluate(() => window.lookAtNatives())).toEqual(plain);
  });
});
