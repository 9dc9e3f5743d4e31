import { ASSET_PREFIX, visitStylesheets } from '@session-replay/format';
import { canHash, hashOf, type Asset, type AssetUploader } from './asset-uploader.ts';

const LEAST_BYTES = 1024;
const MAX_KNOWN = 2000;

/**
 * Takes stylesheets out of events, so that each is stored once and not with every snapshot. A sheet that cannot be uploaded stays in its
 * event.
 */
export class StylesheetKeeper {
  private readonly hashes = new Map<string, string>();

  constructor(private readonly uploader: AssetUploader) {}

  /** Replaces the stylesheets of DOM events by their hashes, once the server has them. */
  async extract(events: object[]): Promise<void> {
    if (!canHash()) {
      return;
    }
    const found: { attributes: Record<string, unknown>; text: string }[] = [];
    for (const event of events) {
      visitStylesheets(event, (attributes) => {
        const text = attributes['_cssText'] as string;
        if (text.length >= LEAST_BYTES && !text.startsWith(ASSET_PREFIX)) {
          found.push({ attributes, text });
        }
      });
    }
    if (found.length === 0) {
      return;
    }
    const sheets = new Map<string, Asset>();
    for (const { text } of found) {
      const hash = await this.hash(text);
      if (!this.uploader.has(hash) && !sheets.has(hash)) {
        sheets.set(hash, { hash, type: 'text/css', bytes: new TextEncoder().encode(text) });
      }
    }
    await this.uploader.upload([...sheets.values()]);
    for (const { attributes, text } of found) {
      const hash = await this.hash(text);
      if (this.uploader.has(hash)) {
        attributes['_cssText'] = ASSET_PREFIX + hash;
      }
    }
  }

  private async hash(text: string): Promise<string> {
    let hash = this.hashes.get(text);
    if (!hash) {
      hash = await hashOf(new TextEncoder().encode(text));
      if (this.hashes.size >= MAX_KNOWN) {
        this.hashes.clear();
      }
      this.hashes.set(text, hash);
    }
    return hash;
  }
}
