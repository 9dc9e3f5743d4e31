import { ASSET_PREFIX, mapCssUrls, visitAssetSlots, type AssetSlot } from '@session-replay/format';
import { canHash, hashOf, type Asset, type AssetUploader } from './asset-uploader.ts';
import { mediaType } from './media-type.ts';

/** The greatest image or font that is kept, … */
const MAX_ASSET_BYTES = 1024 * 1024;
/** … how many of them a window has at most, … */
const MAX_ASSETS = 200;
/** … and how many bytes together. */
const MAX_BYTES = 20 * 1024 * 1024;
/** How long the browser may take to give one. */
const WAIT_MS = 5000;
const CONCURRENCY = 6;
const TRIES = 3;

/**
 * Keeps images and fonts of the page's own origin: gets them as the page did, which is from the browser's cache as a rule, uploads those that
 * the server lacks, and names them by their hash in the events. What cannot be had keeps its address.
 */
export class PageAssetKeeper {
  private readonly hashes = new Map<string, string>();
  private readonly tries = new Map<string, number>();
  private assets = 0;
  private bytes = 0;

  constructor(
    private readonly origin: string,
    private readonly uploader: AssetUploader,
    private readonly get: typeof fetch,
  ) {}

  /** Replaces addresses in DOM events by the names of what was kept. */
  async extract(events: object[]): Promise<void> {
    if (!canHash()) {
      return;
    }
    const slots: AssetSlot[] = [];
    const wanted = new Set<string>();
    const want = (url: string): undefined => {
      if (this.isOwn(url) && !this.hashes.has(url) && (this.tries.get(url) ?? 0) < TRIES) {
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
        }
      });
    }
    await this.keep([...wanted]);
    const nameOf = (url: string): string | undefined => {
      const hash = this.hashes.get(url);
      return hash && this.uploader.has(hash) ? ASSET_PREFIX + hash : undefined;
    };
    for (const { kind, holder, key } of slots) {
      const text = holder[key] as string;
      holder[key] = kind === 'css' ? mapCssUrls(text, nameOf) : (nameOf(text) ?? text);
    }
  }

  private isOwn(url: string): boolean {
    return url.startsWith(`${this.origin}/`);
  }

  private async keep(urls: string[]): Promise<void> {
    const found: Asset[] = [];
    const next = async (): Promise<void> => {
      for (let url = urls.shift(); url !== undefined; url = urls.shift()) {
        this.tries.set(url, (this.tries.get(url) ?? 0) + 1);
        const asset = await this.read(url).catch(() => undefined);
        if (asset) {
          this.hashes.set(url, asset.hash);
          found.push(asset);
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, next));
    await this.uploader.upload(found);
  }

  private async read(url: string): Promise<Asset | undefined> {
    if (this.assets >= MAX_ASSETS || this.bytes >= MAX_BYTES) {
      return undefined;
    }
    const response = await this.get(url, { mode: 'same-origin', credentials: 'same-origin', cache: 'force-cache', signal: AbortSignal.timeout(WAIT_MS) });
    const bytes = response.ok ? await readAtMost(response, MAX_ASSET_BYTES) : undefined;
    const type = bytes && mediaType(bytes, response.headers.get('Content-Type') ?? '');
    if (!bytes || !type) {
      return undefined;
    }
    this.assets++;
    this.bytes += bytes.length;
    return { hash: await hashOf(bytes), type, bytes };
  }
}

/** Reads a body that is not larger than a bound; a larger one is given up as soon as that shows. */
async function readAtMost(response: Response, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      const bytes = new Uint8Array(length);
      parts.reduce((at, part) => {
        bytes.set(part, at);
        return at + part.length;
      }, 0);
      return bytes;
    }
    parts.push(value);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      return undefined;
    }
  }
}
