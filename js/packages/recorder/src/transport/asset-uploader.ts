import { bytesToHex, frameUpload, gzip } from '@session-replay/format';
import { backoff } from './backoff.ts';
import type { Target } from './protocol.ts';

const ATTEMPTS = 4;
/** How long an answer may take: what comes after waits for it. */
const WAIT_MS = 20_000;
/** How long nothing is tried after all attempts have failed. */
const PAUSE_MS = 60_000;
/** The server's bound on hashes in one question. */
const MAX_ASKED = 256;

/** Something that is stored once, under its hash. */
export interface Asset {
  hash: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Makes the name of an asset: the SHA-256 of its bytes in hex. Only where the page is a secure context. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Says whether assets can be named here. */
export function canHash(): boolean {
  return Boolean(globalThis.crypto?.subtle);
}

/** Sees to it that the server has assets: asks which it lacks, and uploads those. */
export class AssetUploader {
  private readonly known = new Set<string>();
  private pausedUntil = 0;

  constructor(
    private readonly target: Target,
    private readonly post: typeof fetch,
  ) {}

  /** Says whether the server has an asset for certain. */
  has(hash: string): boolean {
    return this.known.has(hash);
  }

  /** Tries a few times. Afterwards {@link has} says what the server has. */
  async upload(assets: Asset[]): Promise<void> {
    const unknown = new Map(assets.filter(({ hash }) => !this.known.has(hash)).slice(0, MAX_ASKED).map((asset) => [asset.hash, asset]));
    if (unknown.size === 0 || Date.now() < this.pausedUntil) {
      return;
    }
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        const answer = await this.send('missing', new TextEncoder().encode([...unknown.keys()].join('\n')));
        const missing = new Set(((await answer.json()) as { missing: string[] }).missing);
        for (const asset of [...unknown.values()]) {
          if (!missing.has(asset.hash) || (await this.put(asset))) {
            this.known.add(asset.hash);
          }
          unknown.delete(asset.hash);
        }
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, backoff(attempt) / 4));
      }
    }
    this.pausedUntil = Date.now() + PAUSE_MS;
  }

  /** Gives false when the server does not want this one. */
  private async put({ hash, type, bytes }: Asset): Promise<boolean> {
    // Images and fonts are compressed already.
    const response = await this.send(hash, /css|svg/.test(type) ? await gzip(bytes) : bytes, `&type=${encodeURIComponent(type)}`);
    return response.ok;
  }

  private async send(name: string, body: Uint8Array, query = ''): Promise<Response> {
    const path = `v1/sessions/${this.target.session}/assets/${name}`;
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`${path} was not answered in time`)), WAIT_MS));
    const response = await Promise.race([
      late,
      this.post(`${this.target.endpoint}/${path}?key=${encodeURIComponent(this.target.writeKey)}${query}`, {
        method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: frameUpload(this.target.secret, body), credentials: 'omit',
      }),
    ]);
    // A quota that says so will not have room a moment later.
    const isFull = response.status === 429 && ((await response.clone().json().catch(() => ({}))) as { final?: boolean }).final === true;
    if (!isFull && (response.status === 429 || response.status === 408 || response.status >= 500 || (name === 'missing' && !response.ok))) {
      throw new Error(`${path} was answered with ${response.status}`);
    }
    return response;
  }
}
