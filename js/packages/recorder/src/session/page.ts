import type { PageContext } from '@session-replay/format';

/** Reads what the page and the browser say of themselves. */
export function readPage(appVersion: string | undefined): PageContext {
  return {
    url: location.href.slice(0, 4000),
    title: document.title.slice(0, 500),
    referrer: document.referrer.slice(0, 4000),
    viewport_width: innerWidth,
    viewport_height: innerHeight,
    screen_width: screen.width,
    screen_height: screen.height,
    device_pixel_ratio: devicePixelRatio,
    language: navigator.language,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? '',
    app_version: appVersion ?? '',
  };
}

/** Tells whether the browser asks not to be tracked. */
export function asksNotToTrack(): boolean {
  const browser = navigator as Navigator & { globalPrivacyControl?: boolean };
  return browser.doNotTrack === '1' || browser.globalPrivacyControl === true;
}
