import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../recorder/test/support/browser.ts';
import { html } from '../../recorder/test/support/harness.ts';
import { useRoundTrip } from './support/round-trip.ts';

const BOX = '<div id=box style="overflow:auto;width:200px;height:100px"><div style="width:900px;height:900px"></div></div>';
const AT = '[box.scrollLeft, box.scrollTop, scrollX, scrollY]'.replaceAll('box', "document.getElementById('box')")
  .replaceAll(/scroll[XY]/g, 'window.$&');

describe.runIf(hasBrowser())('scroll positions', () => {
  const trip = useRoundTrip();

  test.each(['seek', 'play'] as const)('are those of the snapshot, where nothing scrolled since: %s', async (way) => {
    trip.h.server.pages['/'] = html(`<style>html { scroll-behavior: smooth }</style>${BOX}<div style="height:3000px"></div><script>
      box.scrollTo({ left: 50, top: 300 }); scrollTo({ top: 700, behavior: 'instant' });</script>`);
    const page = await trip.open();
    await page.waitForTimeout(500);
    expect(await page.evaluate(AT)).toEqual([50, 300, 0, 700]);
    expect(await (await trip.replay(way)).read(AT)).toEqual([50, 300, 0, 700]);
  });

  test('are those of the last scroll of each, where some did', async () => {
    trip.h.server.pages['/'] = html(`${BOX}<div style="height:3000px"></div><script>box.scrollTo(50, 300); scrollTo(0, 700);</script>`);
    const page = await trip.open();
    await page.waitForTimeout(500);
    await page.evaluate('box.scrollTo(0, 120)');
    await page.waitForTimeout(500);
    expect(await (await trip.replay()).read(AT)).toEqual([0, 120, 0, 700]);
  });
});
