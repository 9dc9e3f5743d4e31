import { gunzip } from '@session-replay/format';
import type { ChunkEvents } from '../data/chunk-events.ts';
import { assetNamesIn } from './asset-names.ts';
import { deferred, type Deferred } from './deferred.ts';
import type { Records, StreamRecord } from './record-reader.ts';

/**
 * What a session's images and fonts may take of the page's memory: nothing of them is in the browser's cache. What comes beyond is left
 * out.
 */
const MAX_BYTES = 192 * 1024 * 1024;
/** Stylesheets that are kept, in bytes. */
const MAX_SHEETS = 16 * 1024 * 1024;
/** Assets of one chunk. */
const MAX_NAMES = 2000;
/** The server's bound on the assets of one request. */
const MAX_ASKED = 64;

/** A stylesheet stays as bytes until it is shown: to hand its text over from thread to thread takes longer than to read it. */
type Asset = Uint8Array<ArrayBuffer> | Blob | undefined;

interface Loading extends Deferred<Asset> {
  /** Of a stylesheet, in bytes. */
  length: number;
}

/**
 * Loads what the events of a session name: stylesheets, images and fonts, each once. One that is gone makes the page plainer, not the
 * replay impossible.
 */
export class Assets {
  private readonly known = new Map<string, Loading>();
  private bytes = 0;
  private sheetBytes = 0;

  constructor(
    private readonly ask: (hashes: string[]) => Records,
    private readonly maxBytes = MAX_BYTES,
    private readonly maxSheets = MAX_SHEETS,
  ) {}

  /** Loads all that a block names, and what the stylesheets among it name. */
  async namedIn(block: Uint8Array): Promise<Pick<ChunkEvents, 'sheets' | 'assets'>> {
    const sheets = new Map<string, Uint8Array<ArrayBuffer>>();
    const assets = new Map<string, Blob>();
    let names = assetNamesIn(block);
    while (names.size > 0) {
      const further = new Set<string>();
      for (const [hash, asset] of await this.all([...names].slice(0, MAX_NAMES))) {
        if (asset instanceof Uint8Array) {
          sheets.set(hash, asset);
          assetNamesIn(asset).forEach((name) => sheets.has(name) || assets.has(name) || further.add(name));
        } else if (asset) {
          assets.set(hash, asset);
        }
      }
      // A sheet names images and fonts; what those are said to name is nothing.
      names = sheets.size + assets.size < MAX_NAMES ? further : new Set();
    }
    return { sheets, assets };
  }

  private async all(hashes: string[]): Promise<[string, Asset][]> {
    const missing = hashes.filter((hash) => !this.known.has(hash));
    missing.forEach((hash) => this.known.set(hash, { ...deferred<Asset>(), length: 0 }));
    for (let at = 0; at < missing.length; at += MAX_ASKED) {
      void this.load(missing.slice(at, at + MAX_ASKED));
    }
    return Promise.all(hashes.map(async (hash): Promise<[string, Asset]> => [hash, await this.use(hash).promise]));
  }

  /** The ones not used for longest go first. */
  private use(hash: string): Loading {
    const loading = this.known.get(hash)!;
    this.known.delete(hash);
    this.known.set(hash, loading);
    return loading;
  }

  private async load(hashes: string[]): Promise<void> {
    const waiting = new Set(hashes);
    try {
      for (let more = true; more && waiting.size > 0; ) {
        const before = waiting.size;
        const records = this.ask([...waiting]);
        let next = await records.next();
        for (; !next.done; next = await records.next()) {
          const hash = String(next.value.head['asset']);
          if (waiting.delete(hash)) {
            this.take(hash, await read(next.value));
          }
        }
        more = next.value && waiting.size < before;
      }
    } catch (error) {
      console.warn('Images or stylesheets of the recording could not be loaded; showing the page without them.', error);
    }
    waiting.forEach((hash) => {
      this.known.get(hash)?.resolve(undefined);
      // It may be there when it is needed again.
      this.known.delete(hash);
    });
  }

  private take(hash: string, asset: Asset): void {
    const loading = this.known.get(hash)!;
    if (asset instanceof Uint8Array) {
      loading.length = asset.length;
      this.sheetBytes += asset.length;
      this.forgetSheets(hash);
    } else if (asset && this.bytes + asset.size <= this.maxBytes) {
      this.bytes += asset.size;
    } else {
      asset = undefined;
    }
    loading.resolve(asset);
  }

  private forgetSheets(newest: string): void {
    for (const [hash, { length }] of this.known) {
      if (this.sheetBytes <= this.maxSheets) {
        return;
      }
      if (hash !== newest && length > 0) {
        this.known.delete(hash);
        this.sheetBytes -= length;
      }
    }
  }
}

async function read({ head, body }: StreamRecord): Promise<Asset> {
  const bytes = head['encoding'] === 'gzip' ? await gunzip(body) : body;
  const type = String(head['type']);
  if (type.startsWith('text/css')) {
    return bytes;
  }
  return /^(image|font)\//.test(type) ? new Blob([bytes], { type }) : undefined;
}
