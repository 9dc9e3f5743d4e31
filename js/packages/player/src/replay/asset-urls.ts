import { ASSET_PREFIX, mapCssUrls, visitAssetSlots, visitStylesheets } from '@session-replay/format';
import type { DomEvent, ChunkEvents } from '../data/chunk-events.ts';
import { sanitizeCss } from './sanitize-css.ts';

/** Shown in place of an image or font that is gone. */
const NOTHING = 'data:,';
const HASH_LENGTH = 64;

/**
 * Puts what was recorded beside the page back into its events: stylesheets, and images and fonts as addresses of this page's own memory,
 * for the replay's frame may fetch nothing.
 */
export class AssetUrls {
  private readonly urls = new Map<string, string>();

  /** Replaces the names of assets in DOM events. */
  putBack(events: DomEvent[], { sheets, assets }: Pick<ChunkEvents, 'sheets' | 'assets'>): void {
    const replace = (name: string): string | undefined =>
      name.startsWith(ASSET_PREFIX) ? this.url(name.slice(ASSET_PREFIX.length), assets) : undefined;
    for (const event of events) {
      visitStylesheets(event, (attributes) => {
        const name = attributes['_cssText'] as string;
        if (name.startsWith(ASSET_PREFIX)) {
          attributes['_cssText'] = sanitizeCss(sheets.get(name.slice(ASSET_PREFIX.length)) ?? '');
        }
      });
      visitAssetSlots(event, ({ kind, holder, key }) => {
        const text = holder[key] as string;
        if (text.includes(ASSET_PREFIX)) {
          holder[key] = kind === 'css' ? mapCssUrls(text, replace) : (replace(text) ?? text);
        }
      });
    }
  }

  /** An asset that is gone leaves an empty place. */
  private url(name: string, assets: ChunkEvents['assets']): string {
    const [hash, part] = [name.slice(0, HASH_LENGTH), name.slice(HASH_LENGTH)];
    const known = this.urls.get(hash);
    const blob = assets.get(hash);
    if (known !== undefined || !blob) {
      return known ? known + part : NOTHING;
    }
    const url = URL.createObjectURL(blob);
    this.urls.set(hash, url);
    return url + part;
  }
}
