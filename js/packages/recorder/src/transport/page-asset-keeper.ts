import {
  ASSET_PREFIX, type AssetSlot, isLoadedFiles, type LoadedFile, mapCssUrls, RAW, visitAssetSlots, WHY,
} from '@session-replay/format';
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
/** The browser may not have stored yet what it has just loaded. */
const RETRY_MS = 500;
/** More addresses than this are not looked for. */
const MAX_KNOWN = 5000;

/**
 * Keeps images and fonts of the page's own origin that the page has loaded: gets them from the browser's cache, uploads those that the
 * server lacks, and names them by their hash in the events. What cannot be had keeps its address, and an element says why. A file that
 * loads after CSS with its address was sent is named by a later event.
 */
export class PageAssetKeeper {
  private readonly hashes = new Map<string, string>();
  private readonly tries = new Map<string, number>();
  private readonly reasons = new Map<string, string>();
  /** What an element shows, and what the page reports. Most other addresses in CSS are never loaded. */
  private readonly loaded = new Set<string>();
  /** Addresses in CSS that was sent before they were loaded. */
  private readonly awaited = new Set<string>();
  private assets = 0;
  private bytes = 0;

  constructor(
    private readonly origin: string,
    private readonly uploader: AssetUploader,
    private readonly get: typeof fetch,
  ) {}

  /** Notes files that the page has loaded. */
  noteLoaded(urls: string[]): void {
    urls.slice(0, Math.max(0, MAX_KNOWN - this.loaded.size)).forEach((url) => this.loaded.add(split(url)[0]));
  }

  /** Replaces addresses in DOM events by the names of what was kept. */
  async extract(events: object[]): Promise<void> {
    if (!canHash()) {
      return;
    }
    const slots: AssetSlot[] = [];
    events.forEach((event) => visitAssetSlots(event, (slot) => slots.push(slot)));
    const reports = events.filter(isLoadReport);
    const urls = new Set([...this.find(slots), ...(reports.length > 0 ? [...this.awaited].map((url) => split(url)[0]) : [])]);
    const wanted = (): string[] =>
      [...urls].filter((url) => !this.hashes.has(url) && this.loaded.has(url) && (this.tries.get(url) ?? 0) < TRIES);
    await this.keep(wanted());
    if (wanted().length > 0) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      await this.keep(wanted());
    }
    slots.forEach((slot) => this.name(slot));
    reports.forEach(({ data }) => (data.payload.files = this.takeLoaded()));
  }

  /** Returns the addresses of the page's own origin, and notes which of them an element shows. */
  private find(slots: AssetSlot[]): Set<string> {
    const found = new Set<string>();
    const add = (address: string): undefined => {
      const [url] = split(address);
      if (this.isOwn(url) && (this.tries.has(url) || this.tries.size + found.size < MAX_KNOWN)) {
        found.add(url);
      }
    };
    for (const { kind, holder, key } of slots) {
      const text = holder[key] as string;
      if (kind === 'css') {
        mapCssUrls(text, add);
      } else if (this.isOwn(text)) {
        add(text);
        this.noteLoaded([text]);
      }
    }
    return found;
  }

  /** Names what was sent by its address alone and has been kept since. */
  private takeLoaded(): LoadedFile[] {
    const files = [...this.awaited].flatMap((url) => {
      const src = this.nameOf(url);
      return src ? [{ url, src }] : [];
    });
    files.forEach(({ url }) => this.awaited.delete(url));
    return files;
  }

  private name({ kind, holder, key }: AssetSlot): void {
    const text = holder[key] as string;
    if (kind === 'css') {
      holder[key] = mapCssUrls(text, (url) => this.nameOf(url) ?? this.await(url));
    } else if (text !== '' && !text.startsWith('data:')) {
      const name = this.nameOf(text) ?? this.await(text);
      holder[key] = name ?? text;
      const raw = RAW.get(key);
      if (name && raw) {
        holder[raw] ??= text;
      }
      // Also of one that could not be kept before and can be now.
      holder[WHY] = name ? null : (holder[WHY] ?? this.reasons.get(text) ?? (this.isOwn(text) ? 'uncached' : 'foreign'));
    }
  }

  private nameOf(url: string): string | undefined {
    const [file, part] = split(url);
    const hash = this.hashes.get(file);
    return hash && this.uploader.has(hash) ? ASSET_PREFIX + hash + part : undefined;
  }

  private await(url: string): undefined {
    if (this.isOwn(url) && this.awaited.size < MAX_KNOWN) {
      this.awaited.add(url);
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
      ...(isInMemory ? {} : { mode: 'same-origin', credentials: 'same-origin', cache: 'only-if-cached' }),
      signal: AbortSignal.timeout(WAIT_MS),
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

/** Splits an address into that of the file and the name of a part of it, with its `#`. */
function split(url: string): [file: string, part: string] {
  const at = url.indexOf('#');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
}

interface LoadReport {
  data: { payload: { files: LoadedFile[] } };
}

function isLoadReport(event: object): event is LoadReport {
  return isLoadedFiles(event as { type: number });
}
