import type { Page } from 'playwright-core';
import { beforeEach, expect } from 'vitest';
import { usePlayer } from './player-browser.ts';

const player = usePlayer();
export const { isPossible, server } = player;
export let page: Page;
/** What the page threw. */
export let errors: string[];

beforeEach(() => {
  errors = [];
  page = player.page;
  page.on('pageerror', (error) => errors.push(error.message));
});

/** Goes on in another page, which the end of the test closes. */
export function replacePage(other: Page): void {
  page = player.page = other;
}

/** Opens the player, and waits until its first page is shown. */
export async function open(id: string): Promise<void> {
  await page.goto(`${server.origin}/play/${id}`, { waitUntil: 'commit' });
  await until('player?.replayDocument?.getElementById("text")');
}

export const evaluate = <T>(body: string): Promise<T> =>
  page.evaluate(`(async (player) => { ${body} })(document.querySelector('session-replay-player'))`);
export const seek = async (ms: number): Promise<string> =>
  evaluate(`await player.seek(${ms}); return player.replayDocument.getElementById('text')?.textContent`);
/** Waits until something holds of the player. */
export const until = (condition: string) =>
  expect
    .poll(() => page.evaluate(`((player) => Boolean(${condition}))(document.querySelector('session-replay-player'))`).catch(() => false))
    .toBe(true);
export const text = (expected: string) => until(`player.replayDocument?.getElementById("text")?.textContent === ${JSON.stringify(expected)}`);
