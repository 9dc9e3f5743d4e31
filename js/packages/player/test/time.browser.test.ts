import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { START } from './support/long-session.ts';
import { sessionOf, type RecordedPage } from './support/pages.ts';
import { usePlayer } from './support/player-browser.ts';
import { element, snapshotOf, text } from './support/nodes.ts';

const player = usePlayer();
const { isPossible, server } = player;
let page: Page;

beforeEach(() => {
  page = player.page;
});

const evaluate = <T>(body: string): Promise<T> =>
  page.evaluate(`(async (player) => { ${body} })(document.querySelector('session-replay-player'))`);
const until = (condition: string) =>
  expect
    .poll(() => page.evaluate(`((player) => Boolean(${condition}))(document.querySelector('session-replay-player'))`).catch(() => false), {
      timeout: 60_000,
    })
    .toBe(true);

/** A page that says where it is and how often it was changed or clicked; times are seconds from the session's start. */
function recorded(
  name: string,
  [from, to]: [number, number],
  acts: { click?: number[]; change?: number[]; custom?: number[] } = {},
): RecordedPage {
  const at = (s: number): number => START + s * 1000;
  const incremental = (time: number, data: Record<string, unknown>) => ({ type: 3, data, timestamp: at(time) });
  return {
    url: `https://shop.example/${name}`, title: name,
    events: [
      { type: 4, data: { href: `https://shop.example/${name}`, width: 800, height: 600 }, timestamp: at(from) },
      {
        type: 2,
        timestamp: at(from) + 40,
        data: snapshotOf([element('p', 5, { id: 'text' }, [text('begin', 6)])], { 'data-page': name }),
      },
      ...(acts.change ?? []).map((time) =>
        incremental(time, { source: 0, texts: [{ id: 6, value: `changed at ${time}` }], attributes: [], removes: [], adds: [] }),
      ),
      ...(acts.click ?? []).map((time) => incremental(time, { source: 2, type: 2, id: 5, x: 20, y: 20 })),
    ].sort((a, b) => a.timestamp - b.timestamp),
    typed: [...(acts.custom ?? []), to].map((time) => ({ time: at(time), custom: { name: `${name} ${time}`, properties_json: '{}' } })),
  };
}

/** Plays to the end; gives what was in view when: the page by its title's place in the address line, and its text. */
async function play(speed: number, from = 0): Promise<{ time: number; page: string; text: string; address: string }[]> {
  await evaluate(`await player.seek(${from}); window.seen = []; window.notices = new Set();
    (function look() {
      const body = player.replayDocument?.body;
      seen.push({ time: player.currentTime, page: body?.dataset.page, text: body?.querySelector('#text')?.textContent, address: player.renderRoot.querySelector('header .url')?.textContent.trim() });
      player.renderRoot.querySelectorAll('.chip').forEach((chip) => notices.add(chip.textContent));
      requestAnimationFrame(look);
    })();
    player.speed = ${speed}; player.play()`);
  await until('player.currentTime >= player.duration');
  await page.getByRole('button', { name: 'Play' }).waitFor();
  return evaluate('return seen');
}

async function open(id: string): Promise<void> {
  await page.goto(`${server.origin}/play/${id}`, { waitUntil: 'commit' });
  await until('player?.replayDocument?.body?.firstElementChild');
  await page.getByLabel('Skip inactivity').uncheck();
}

test.runIf(isPossible).each([0, 1900, 3000, 5500, 5990])('the clock goes on to the end from wherever it starts: %i ms', async (from) => {
  server.recordings.set(
    'pages',
    sessionOf([
      recorded('a', [0, 2], { change: [1], click: [0.5] }),
      recorded('b', [3, 3.06]),
      recorded('c', [6, 7.2], { change: [6.5] }),
    ]),
  );
  await open('pages');
  const seen = await play(4, from);
  expect(seen.at(-1)).toMatchObject({ page: 'c', text: 'changed at 6.5' });
  // Every stretch of it was passed through: nothing was jumped over.
  const steps = seen
    .slice(1)
    .map((s, i) => s.time - seen[i]!.time)
    .filter((step) => step > 0);
  expect(Math.max(...steps)).toBeLessThan(2000);
});

const isOneTab = (state = '') => state[0] === state.at(-1);

test.runIf(isPossible)('every click and custom event is shown in its tab, and the address is that of the tab in view', async () => {
  server.recordings.set(
    'tabs',
    sessionOf([
      recorded('a', [0, 9], { click: [1, 5.5, 8.8], change: [2, 4, 5, 6, 7], custom: [1.1, 5.6] }),
      recorded('b', [3, 10], { click: [4.5, 7.5], custom: [7.6, 9.5], change: [4.6, 8] }),
      recorded('c', [12, 13]),
    ]),
  );
  await open('tabs');
  const seen = await play(1);
  const at = (seconds: number) => seen.findLast((s) => s.time <= seconds * 1000)!;
  const { markers } = server.recordings.get('tabs')!.manifest;
  expect(markers.map((m) => [m.time - START, at((m.time - START) / 1000).page])).toEqual(
    markers.map((m) => [m.time - START, 'abc'[Number(m.window[1])]]),
  );
  // The stage and the address change one after the other; that they differ is a step from one tab to another, and never lasts.
  const states = seen
    .filter((s) => s.page)
    .map((s) => `${s.page} ${s.address.at(-1)}`)
    .filter((state, i, all) => state !== all[i - 1]);
  expect(states.filter((state, i) => !isOneTab(state) && !(isOneTab(states[i - 1]) && isOneTab(states[i + 1])))).toEqual([]);
  expect(await evaluate<string[]>('return [...notices].filter((n) => n.includes("Skipped"))')).toEqual([]);
});
