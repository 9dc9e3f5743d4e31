import type { PageContext } from '@session-replay/format';
import { safeAddress } from '../capture/address.ts';
import { maskText, type Privacy } from '../masking.ts';

/**
 * Reads what the page and the browser say of themselves. A page can put anything in the place of what a browser says: what makes no sense
 * is left out.
 */
export function readPage(appVersion: string | undefined, privacy: Privacy): PageContext {
  return {
    url: safeAddress(location.href),
    title: readTitle(privacy),
    referrer: safeAddress(text(() => document.referrer)),
    viewport_width: number(() => innerWidth),
    viewport_height: number(() => innerHeight),
    screen_width: number(() => screen.width),
    screen_height: number(() => screen.height),
    device_pixel_ratio: number(() => devicePixelRatio),
    language: text(() => navigator.language),
    // Read when the batch is encoded: asking a browser for it the first time takes longer than all else, and the worker can do it.
    time_zone: '',
    app_version: appVersion ?? '',
  };
}

/** Reads the page's title; masked where it is private. */
export function readTitle({ mask }: Privacy): string {
  const title = text(() => document.title).slice(0, 500);
  return title && document.querySelector('title')?.closest(mask) ? maskText(title) : title;
}

/** The visitor's time zone, for a page that was read by {@link readPage}. */
export function readTimeZone(): string {
  return text(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** Says whether the browser asks not to be tracked. */
export function asksNotToTrack(): boolean {
  const browser = navigator as Navigator & { globalPrivacyControl?: boolean };
  return browser.doNotTrack === '1' || browser.globalPrivacyControl === true;
}

function text(read: () => unknown): string {
  const value = attempt(read);
  return typeof value === 'string' ? value : '';
}

function number(read: () => unknown): number {
  const value = attempt(read);
  return typeof value === 'number' && value >= 0 && value < 1e6 ? value : 0;
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
