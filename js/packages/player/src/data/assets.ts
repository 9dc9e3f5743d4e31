import { ASSET_PREFIX, mapCssUrls, visitAssetSlots, visitStylesheets, type AssetSlot } from '@session-replay/format';
import type { Api } from './api.ts';
import type { DomEvent, ChunkEvents } from './chunk-events.ts';

/**
 * What a session's images and fonts may take of the page's memory: nothing of them is in the browser's cache. What comes beyond is left
 * out.
 */
const MAX_BYTES = 192 * 1024 * 1024;
/** Stylesheets that are kept, in characters. */
const MAX_SHEETS = 16 * 1024 * 1024;
const NAME = /^sr-asset:([0-9a-f]{64})(?:#|$)/;

/**
 * Loads what the events of a session name: stylesheets, images and fonts, each once. One that is gone makes the page plainer, not the
 * replay impossible.
 */
export class Assets {
  private readonly blobs = new Map<string, Promise<Blob | undefined>>();
  private readonly sheets = new Map<string, { loading: Promise<string>; length: number }>();
  private total = 0;
  private sheetsTotal = 0;

  constructor(
    private readonly api: Api,
    private readonly session: string,
    private readonly maxBytes = MAX_BYTES,
    private readonly maxSheets = MAX_SHEETS,
  ) {}

  /** Loads all that events name. */
  async namedIn(events: readonly DomEvent[]): Promise<Pick<ChunkEvents, 'sheets' | 'assets'>> {
    const sheetNames = new Set<string>();
    const names = new Set<string>();
    for (const event of events) {
      visitStylesheets(event, (attributes) => note(attributes['_cssText'] as string, sheetNames));
      visitAssetSlots(event, ({ kind, holder, key }) => noteIn(kind, holder[key] as string, names));
    }
    sheetNames.forEach((hash) => names.delete(hash));
    const sheets = await all(sheetNames, (hash) => this.sheet(hash));
    sheets.forEach((css) => noteIn('css', css, names));
    return { sheets, assets: await all(names, (hash) => this.blob(hash)) };
  }

  private blob(hash: string): Promise<Blob | undefined> {
    let blob = this.blobs.get(hash);
    if (!blob) {
      blob = this.load(hash).catch(() => undefined);
      this.blobs.set(hash, blob);
    }
    return blob;
  }

  private async load(hash: string): Promise<Blob | undefined> {
    const blob = await this.api.assetBlob(this.session, hash);
    if (!/^(image|font)\//.test(blob.type) || this.total + blob.size > this.maxBytes) {
      return undefined;
    }
    this.total += blob.size;
    return blob;
  }

  private sheet(hash: string): Promise<string | undefined> {
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

/** Loads what there is of some names. */
async function all<T>(names: ReadonlySet<string>, load: (hash: string) => Promise<T | undefined>): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  await Promise.all([...names].map(async (hash) => {
    const value = await load(hash);
    if (value !== undefined) {
      found.set(hash, value);
    }
  }));
  return found;
}

function noteIn(kind: AssetSlot['kind'], text: string, names: Set<string>): void {
  if (!text.includes(ASSET_PREFIX)) {
    return;
  }
  if (kind === 'css') {
    mapCssUrls(text, (url) => note(url, names));
  }
  note(text, names);
}

function note(name: string, names: Set<string>): undefined {
  const hash = NAME.exec(name)?.[1];
  if (hash) {
    names.add(hash);
  }
}
