import { mapCssUrls } from '@session-replay/format';

/**
 * Makes the addresses in CSS whole, in place of rrweb's: a browser's own resolution, and no expression that takes long for a hostile text.
 */
export function absolutifyURLs(css: string | null | undefined, base: string): string {
  return mapCssUrls(css ?? '', (url) => (url === '' || url.startsWith('#') || url.startsWith('data:') ? undefined : resolve(url, base)));
}

function resolve(url: string, base: string): string | undefined {
  try {
    return new URL(url, base).href.replaceAll('"', '%22');
  } catch {
    return undefined; // The browser loads nothing from there either.
  }
}
