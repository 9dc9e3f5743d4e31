import { ASSET_PREFIX, decodeBatch, visitStylesheets, type WireEvent } from '@session-replay/format';
import { sanitizeCss, sanitizeEvent } from '../replay/sanitize-event.ts';
import type { Api } from './api.ts';
import { AssetUrls } from './asset-urls.ts';
import type { ChunkInfo, WindowInfo } from './types.ts';

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
  dom: DomEvent[];
  other: WireEvent[];
}

const MAX_LOADED = 400;
const CONCURRENCY = 4;

/** Loads chunks once, a few at a time, and forgets the ones not used for longest. */
export class ChunkLoader {
  private readonly chunks = new Map<string, Promise<LoadedChunk>>();
  private readonly sheets = new Map<string, Promise<string>>();
  private assets: AssetUrls | undefined;
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly api: Api,
    private readonly session: string,
    private readonly onLoaded: (chunk: LoadedChunk) => void,
  ) {}

  load(window: WindowInfo, chunk: ChunkInfo): Promise<LoadedChunk> {
    const key = `${window.id}/${chunk.seq}`;
    const known = this.chunks.get(key);
    if (known) {
      this.chunks.delete(key);
      this.chunks.set(key, known);
      return known;
    }
    const loading = this.limited(() => this.fetch(window, chunk));
    this.chunks.set(key, loading);
    loading.then(this.onLoaded, () => this.chunks.delete(key));
    if (this.chunks.size > MAX_LOADED) {
      this.chunks.delete(this.chunks.keys().next().value!);
    }
    return loading;
  }

  private async fetch(window: WindowInfo, chunk: ChunkInfo): Promise<LoadedChunk> {
    const batch = decodeBatch(await this.api.chunk(this.session, window.id, chunk.seq));
    const text = new TextDecoder();
    const loaded: LoadedChunk = { window: window.id, seq: chunk.seq, dom: [], other: [] };
    for (const event of batch.events) {
      if (event.dom) {
        const dom = JSON.parse(text.decode(event.dom)) as DomEvent;
        dom.timestamp = event.time + window.clockOffset;
        if (sanitizeEvent(dom)) {
          loaded.dom.push(dom);
        }
      } else {
        loaded.other.push({ ...event, time: event.time + window.clockOffset });
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
    let sheet = this.sheets.get(hash);
    if (!sheet) {
      sheet = this.api.asset(this.session, hash).catch(() => '');
      this.sheets.set(hash, sheet);
    }
    return sheet;
  }

  private async limited<T>(run: () => Promise<T>): Promise<T> {
    if (this.running >= CONCURRENCY) {
      await new Promise<void>((resolve) => this.queue.push(resolve));
    }
    this.running++;
    try {
      return await run();
    } finally {
      this.running--;
      this.queue.shift()?.();
    }
  }
}
