import { ASSET_PREFIX, mapCssUrls, visitAssetSlots, visitStylesheets } from '@session-replay/format';
import type { DomEvent, ChunkEvents } from '../data/chunk-events.ts';
import { sanitizeCss } from './sanitize-css.ts';

/** Shown in place of an image or font that is gone. */
const NOTHING = 'data:,';
const HASH_LENGTH = 64;
/** Stylesheets that are kept, in characters. */
const MAX_SHEETS = 16 * 1024 * 1024;

/**
 * Puts what was recorded beside the page back into its events: stylesheets, and images and fonts as addresses of this page's own memory,
 * for the replay's frame may fetch nothing.
 */
export class AssetUrls {
  private readonly urls = new Map<string, string>();
  /** Stylesheets as they are replayed, by their hash: a page that is shown again needs not have its sheets read again. */
  private readonly sheets = new Map<string, string>();
  private characters = 0;

  /** Replaces the names of assets in DOM events. */
  putBack(events: DomEvent[], { sheets, assets }: Pick<ChunkEvents, 'sheets' | 'assets'>): void {
    const replace = (name: string): string | undefined =>
      name.startsWith(ASSET_PREFIX) ? this.url(name.slice(ASSET_PREFIX.length), assets) : undefined;
    for (const event of events) {
      visitStylesheets(event, (attributes) => {
        const name = attributes['_cssText'] as string;
        if (name.startsWith(ASSET_PREFIX)) {
          attributes['_cssText'] = this.sheet(name.slice(ASSET_PREFIX.length), sheets);
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

  private sheet(hash: string, sheets: ChunkEvents['sheets']): string {
    const known = this.sheets.get(hash);
    const bytes = sheets.get(hash);
    if (known !== undefined || !bytes) {
      return known ?? '';
    }
    const sanitized = sanitizeCss(new TextDecoder().decode(bytes));
    this.characters += sanitized.length;
    if (this.characters > MAX_SHEETS) {
      this.sheets.clear();
      this.characters = sanitized.length;
    }
    this.sheets.set(hash, sanitized);
    return sanitized;
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
