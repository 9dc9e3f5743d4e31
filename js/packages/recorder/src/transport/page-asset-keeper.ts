import { ASSET_PREFIX, mapCssUrls, visitAssetSlots, WHY, type AssetSlot } from '@session-replay/format';
import { canHash, hashOf, type Asset, type AssetUploader } from './asset-uploader.ts';
import { mediaType } from './media-type.ts';
import { readAtMost } from './read-at-most.ts';

/** The largest image or font that is kept, … */
const MAX_ASSET_BYTES = 512 * 1024;
/** … how many of them a page load has at most, … */
const MAX_ASSETS = 200;
/** … and how many bytes together. */
const MAX_BYTES = 5 * 1024 * 1024;
/** How long the browser may take to give one. */
const WAIT_MS = 5000;
const CONCURRENCY = 6;
const TRIES = 3;
/** What the page has not loaded yet may come soon. */
const RETRY_MS = 500;
/** More addresses than this are not looked for. */
const MAX_KNOWN = 5000;

/**
 * Keeps images and fonts of the page's own origin that the page has loaded: gets them from the browser's cache, uploads those that the server
 * lacks, and names them by their hash in the events. What cannot be had keeps its address, and an element says why.
 */
export class PageAssetKeeper {
  private readonly hashes = new Map<string, string>();
  private readonly tries = new Map<string, number>();
  private readonly reasons = new Map<string, string>();
  /** What an element shows, and what the page has told of. Of the other addresses in CSS most are never loaded. */
  private readonly loaded = new Set<string>();
  private assets = 0;
  private bytes = 0;

  constructor(
    private readonly origin: string,
    private readonly uploader: AssetUploader,
    private readonly get: typeof fetch,
  ) {}

  /** Notes files that the page has loaded. */
  noteLoaded(urls: string[]): void {
    urls.forEach((url) => this.loaded.add(url));
  }

  /** Replaces addresses in DOM events by the names of what was kept. */
  async extract(events: object[]): Promise<void> {
    if (!canHash()) {
      return;
    }
    const slots: AssetSlot[] = [];
    const wanted = new Set<string>();
    const want = (url: string): undefined => {
      if (this.isOwn(url) && (this.tries.has(url) || this.tries.size + wanted.size < MAX_KNOWN)) {
        wanted.add(url);
      }
    };
    for (const event of events) {
      visitAssetSlots(event, (slot) => {
        slots.push(slot);
        const text = slot.holder[slot.key] as string;
        if (slot.kind === 'css') {
          mapCssUrls(text, want);
        } else {
          want(text);
          this.loaded.add(text);
        }
      });
    }
    const isMissed = (url: string): boolean => !this.hashes.has(url) && (this.tries.get(url) ?? 0) < TRIES;
    await this.keep([...wanted].filter((url) => isMissed(url) && this.loaded.has(url)));
    const missed = [...wanted].filter(isMissed);
    if (missed.length > 0) {
      missed.forEach((url) => this.tries.set(url, (this.tries.get(url) ?? 0) + 1));
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      await this.keep(missed.filter((url) => this.loaded.has(url)));
    }
    const nameOf = (url: string): string | undefined => {
      const hash = this.hashes.get(url);
      return hash && this.uploader.has(hash) ? ASSET_PREFIX + hash : undefined;
    };
    for (const { kind, holder, key } of slots) {
      const text = holder[key] as string;
      if (kind === 'css') {
        holder[key] = mapCssUrls(text, nameOf);
      } else if (text !== '' && !text.startsWith('data:')) {
        const name = nameOf(text);
        holder[key] = name ?? text;
        // Also of one that could not be kept before and can be now.
        holder[WHY] = name ? null : (holder[WHY] ?? this.reasons.get(text) ?? (this.isOwn(text) ? 'uncached' : 'foreign'));
      }
    }
  }

  private isOwn(url: string): boolean {
    return url.startsWith(`${this.origin}/`) || url.startsWith(`blob:${this.origin}/`);
  }

  private async keep(urls: string[]): Promise<void> {
    const found: Asset[] = [];
    const next = async (): Promise<void> => {
      for (let url = urls.shift(); url !== undefined; url = urls.shift()) {
        this.tries.set(url, (this.tries.get(url) ?? 0) + 1);
        const asset = await this.read(url).catch(() => 'uncached');
        if (typeof asset === 'object') {
          this.hashes.set(url, asset.hash);
          found.push(asset);
        } else {
          this.reasons.set(url, asset);
          // Only what was not there yet is worth another try.
          this.tries.set(url, asset === 'uncached' ? this.tries.get(url)! : TRIES);
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, next));
    await this.uploader.upload(found);
  }

  /** Gives an asset, or the reason why there is none. */
  private async read(url: string): Promise<Asset | string> {
    if (this.assets >= MAX_ASSETS || this.bytes >= MAX_BYTES) {
      return 'quota';
    }
    const isInMemory = url.startsWith('blob:');
    const response = await this.get(url, {
      // The site is never asked again: what may not be kept, such as a captcha, may also differ the next time.
      ...(isInMemory ? {} : { mode: 'same-origin', credentials: 'same-origin', cache: 'only-if-cached' }), signal: AbortSignal.timeout(WAIT_MS),
    });
    if (!response.ok) {
      return 'uncached';
    }
    const bytes = await readAtMost(response, Math.min(MAX_ASSET_BYTES, MAX_BYTES - this.bytes));
    const type = bytes && mediaType(bytes, response.headers.get('Content-Type') ?? '');
    if (!bytes || !type) {
      return bytes ? 'type' : 'large';
    }
    this.assets++;
    this.bytes += bytes.length;
    return { hash: await hashOf(bytes), type, bytes };
  }
}
