import { ASSET_PREFIX, mapCssUrls, visitAssetSlots, type AssetSlot } from '@session-replay/format';
import type { Api } from './api.ts';

/** What a session's images and fonts may take of the page's memory: nothing of them is in the browser's cache. What comes beyond is left out. */
const MAX_BYTES = 192 * 1024 * 1024;

/** Shown in place of an image or font that is gone. */
const NOTHING = 'data:,';

/** Lets go of a session's images and fonts when nobody holds its loader any more. */
const ended = new FinalizationRegistry<Set<string>>((made) => made.forEach((url) => URL.revokeObjectURL(url)));

/** Puts images and fonts that were recorded back into events, as addresses of this page's own memory: the replay's frame may fetch from nowhere else. */
export class AssetUrls {
  private readonly urls = new Map<string, Promise<string>>();
  private readonly made = new Set<string>();
  private total = 0;

  constructor(
    private readonly api: Api,
    private readonly session: string,
    private readonly maxBytes = MAX_BYTES,
  ) {
    ended.register(this, this.made);
  }

  /** Replaces the names of assets in DOM events. */
  async putBack(events: unknown[]): Promise<void> {
    const slots: AssetSlot[] = [];
    const known = new Map<string, string>();
    for (const event of events) {
      visitAssetSlots(event, (slot) => {
        if ((slot.holder[slot.key] as string).includes(ASSET_PREFIX)) {
          slots.push(slot);
          eachName(slot, (hash) => void known.set(hash, NOTHING));
        }
      });
    }
    await Promise.all([...known.keys()].map(async (hash) => known.set(hash, await this.url(hash))));
    for (const slot of slots) {
      const text = slot.holder[slot.key] as string;
      const replace = (url: string): string | undefined => (url.startsWith(ASSET_PREFIX) ? (known.get(url.slice(ASSET_PREFIX.length)) ?? NOTHING) : undefined);
      slot.holder[slot.key] = slot.kind === 'css' ? mapCssUrls(text, replace) : (replace(text) ?? text);
    }
  }

  /** An asset that is gone leaves an empty place, the replay goes on. */
  private url(hash: string): Promise<string> {
    let url = this.urls.get(hash);
    if (!url) {
      url = this.load(hash).catch(() => NOTHING);
      this.urls.set(hash, url);
    }
    return url;
  }

  private async load(hash: string): Promise<string> {
    const blob = await this.api.assetBlob(this.session, hash);
    if (!/^(image|font)\//.test(blob.type)) {
      return NOTHING;
    }
    if (this.total + blob.size > this.maxBytes) {
      return NOTHING;
    }
    this.total += blob.size;
    const url = URL.createObjectURL(blob);
    this.made.add(url);
    return url;
  }
}

function eachName(slot: AssetSlot, use: (hash: string) => void): void {
  const note = (url: string): undefined => {
    if (/^sr-asset:[0-9a-f]{64}$/.test(url)) {
      use(url.slice(ASSET_PREFIX.length));
    }
  };
  const text = slot.holder[slot.key] as string;
  if (slot.kind === 'css') {
    mapCssUrls(text, note);
  } else {
    note(text);
  }
}
