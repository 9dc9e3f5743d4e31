import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../recorder/test/support/browser.ts';
import { html } from '../../recorder/test/support/harness.ts';
import { useRoundTrip } from './support/round-trip.ts';

/** A font whose letters all are as wide; the browser's packages bring one. */
function monospace(): Buffer | undefined {
  try {
    return woff(readFileSync(execFileSync('fc-match', ['-f', '%{file}', 'DejaVu Sans Mono'], { encoding: 'utf8' })));
  } catch {
    return undefined;
  }
}

/** Packs a TrueType font as WOFF, of which pages' fonts are kept: each table as it is, behind a directory (W3C, WOFF 1.0). */
function woff(font: Buffer): Buffer {
  const count = font.readUInt16BE(4);
  const directory = Buffer.alloc(44 + 20 * count);
  const tables: Buffer[] = [];
  let offset = directory.length;
  for (let i = 0; i < count; i++) {
    const [tag, checksum, at, length] = [0, 4, 8, 12].map((field) => font.readUInt32BE(12 + 16 * i + field)) as [
      number, number, number, number,
    ];
    [tag, offset, length, length, checksum].forEach((value, field) => directory.writeUInt32BE(value, 44 + 20 * i + 4 * field));
    const padded = Buffer.alloc(Math.ceil(length / 4) * 4);
    font.copy(padded, 0, at, at + length);
    tables.push(padded);
    offset += padded.length;
  }
  directory.write('wOFF');
  font.copy(directory, 4, 0, 4);
  directory.writeUInt32BE(offset, 8);
  directory.writeUInt16BE(count, 12);
  directory.writeUInt32BE(12 + 16 * count + offset - directory.length, 16);
  return Buffer.concat([directory, ...tables]);
}

const font = monospace();
const WIDTHS = "['i', 'm'].map((id) => Math.round(document.getElementById(id).getBoundingClientRect().width))";

describe.runIf(hasBrowser() && font)('a font of the page', () => {
  const trip = useRoundTrip();

  test.each(['seek', 'play'] as const)('that loads after its CSS was recorded is shown: %s', async (way) => {
    const { h } = trip;
    h.server.files['/late.woff'] = { type: 'font/woff', body: font! };
    h.server.pages['/'] =
      html(`<style>@font-face { font-family: Late; src: url(/late.woff) } body { font: 20px serif } .late { font-family: Late }
      span { display: inline-block }</style><span id=i>iiiiiiiiii</span><br><span id=m>mmmmmmmmmm</span>`);
    const page = await trip.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    const before = await page.evaluate(WIDTHS);
    await page.evaluate(
      'document.body.className = "late"; document.fonts.load("20px Late").then(() => document.fonts.ready).then(() => 0)',
    );
    const [i, m] = await page.evaluate<number[]>(WIDTHS);
    expect([i, m]).toEqual([m, m]);
    expect(before).not.toEqual([i, m]);
    while (!h.allText().includes('loaded-files')) {
      await h.flush();
    }
    const replayed = await trip.replay(way);
    await expect.poll(() => replayed.read(WIDTHS)).toEqual([i, m]);
  });
});
