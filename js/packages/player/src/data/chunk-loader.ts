import { ASSET_PREFIX, decodeBatch, visitStylesheets, type WireEvent } from '@session-replay/format';
import { sanitizeCss, sanitizeEvent } from '../replay/sanitize-event.ts';
import type { Api } from './api.ts';
import { AssetUrls } from './asset-urls.ts';
import { ChunkError, chunkKey } from './chunk-error.ts';
import type { ChunkInfo, WindowInfo } from './types.ts';
import { WorkQueue, type Priority } from './work-queue.ts';

/** An event of rrweb. */
export interface DomEvent {
  type: number;
  data: Record<string, unknown>;
  timestamp: number;
}

/** A chunk that was loaded: its DOM events, safe to replay, and its other events. Times are on the server's clock. */
export interface LoadedChunk {
  window: string;
  seq: number;
  /** Bytes of the batch, unpacked. */
  bytes: number;
  dom: DomEvent[];
  other: WireEvent[];
}

const CONCURRENCY = 5;
/** Stylesheets that are kept, in characters: none of them is in the browser's cache. */
const MAX_SHEETS = 16 * 1024 * 1024;

/** Loads chunks once, a few at a time, and forgets the ones not used for longest: a session of any length takes no more memory than `maxBytes` of its batches. */
export class ChunkLoader {
  private readonly chunks = new Map<string, { loading: Promise<LoadedChunk>; bytes: number }>();
  private readonly sheets = new Map<string, { loading: Promise<string>; length: number }>();
  private sheetsTotal = 0;
  private assets: AssetUrls | undefined;
  private readonly queue = new WorkQueue(CONCURRENCY);
  private total = 0;

  constructor(
    private readonly api: Api,
    private readonly session: string,
    private readonly onLoaded: (chunk: LoadedChunk) => void,
    private readonly maxBytes = 48 * 1024 * 1024,
    private readonly maxSheets = MAX_SHEETS,
  ) {}

  /** Bytes of the batches that are kept, unpacked. */
  get bytes(): number {
    return this.total;
  }

  /** Loads a chunk. Rejects with a ChunkError, or with Superseded after `drop`. */
  load(window: WindowInfo, chunk: ChunkInfo, priority: Priority = 'now'): Promise<LoadedChunk> {
    const key = chunkKey(window.id, chunk.seq);
    const known = this.chunks.get(key);
    if (known) {
      this.chunks.delete(key);
      this.chunks.set(key, known);
      return known.loading;
    }
    const entry = { loading: this.queue.add(priority, () => this.fetch(window, chunk)), bytes: 0 };
    this.chunks.set(key, entry);
    entry.loading.then((loaded) => {
      entry.bytes = loaded.bytes;
      this.total += loaded.bytes;
      this.forget(key);
      this.onLoaded(loaded);
    }, () => this.chunks.delete(key));
    return entry.loading;
  }

  /** Gives up what was asked for and has not begun. */
  drop(): void {
    this.queue.drop();
  }

  private forget(newest: string): void {
    for (const [key, entry] of this.chunks) {
      if (this.total <= this.maxBytes) {
        return;
      }
      if (key !== newest && entry.bytes > 0) {
        this.chunks.delete(key);
        this.total -= entry.bytes;
      }
    }
  }

  private async fetch(window: WindowInfo, chunk: ChunkInfo): Promise<LoadedChunk> {
    try {
      return await this.read(window, chunk);
    } catch (error) {
      throw new ChunkError(window.id, chunk.seq, error);
    }
  }

  private async read(window: WindowInfo, chunk: ChunkInfo): Promise<LoadedChunk> {
    const bytes = await this.api.chunk(this.session, window.id, chunk.seq);
    const text = new TextDecoder();
    // A page can claim any time; those outside of the chunk's own are read as its nearest bound (docs/format/v1.md, section 2.3).
    const clamp = (time: number) => Math.min(Math.max(time + window.clockOffset, chunk.from), chunk.to);
    const loaded: LoadedChunk = { window: window.id, seq: chunk.seq, bytes: Math.max(1, bytes.length), dom: [], other: [] };
    for (const event of decodeBatch(bytes).events) {
      if (event.dom) {
        const dom = JSON.parse(text.decode(event.dom)) as DomEvent;
        dom.timestamp = clamp(event.time);
        if (sanitizeEvent(dom)) {
          loaded.dom.push(dom);
        }
      } else {
        loaded.other.push({ ...event, time: clamp(event.time) });
      }
    }
    await this.putStylesheetsBack(loaded.dom);
    this.assets ??= new AssetUrls(this.api, this.session);
    await this.assets.putBack(loaded.dom);
    return loaded;
  }

  private async putStylesheetsBack(events: DomEvent[]): Promise<void> {
    const waiting: Promise<void>[] = [];
    for (const event of events) {
      visitStylesheets(event, (attributes) => {
        const name = attributes['_cssText'] as string;
        if (name.startsWith(ASSET_PREFIX)) {
          waiting.push(this.sheet(name.slice(ASSET_PREFIX.length)).then((css) => void (attributes['_cssText'] = sanitizeCss(css))));
        }
      });
    }
    await Promise.all(waiting);
  }

  /** A stylesheet that is gone makes the page plain, not the replay impossible. */
  private sheet(hash: string): Promise<string> {
    const known = this.sheets.get(hash);
    if (known) {
      this.sheets.delete(hash);
      this.sheets.set(hash, known);
      return known.loading;
    }
    const sheet = { loading: this.api.asset(this.session, hash), length: 0 };
    this.sheets.set(hash, sheet);
    sheet.loading = sheet.loading.then((css) => {
      sheet.length = css.length;
      this.sheetsTotal += css.length;
      this.forgetSheets(hash);
      return css;
    }, () => {
      this.sheets.delete(hash);
      return '';
    });
    return sheet.loading;
  }

  /** The ones not used for longest go first. */
  private forgetSheets(newest: string): void {
    for (const [hash, { length }] of this.sheets) {
      if (this.sheetsTotal <= this.maxSheets) {
        return;
      }
      if (hash !== newest && length > 0) {
        this.sheets.delete(hash);
        this.sheetsTotal -= length;
      }
    }
  }
}
