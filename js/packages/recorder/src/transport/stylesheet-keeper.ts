import { ASSET_PREFIX, bytesToHex, gzip, visitStylesheets } from '@session-replay/format';
import { backoff } from './backoff.ts';
import type { Target } from './protocol.ts';

const LEAST_BYTES = 1024;
const MAX_KNOWN = 2000;
const ATTEMPTS = 4;

/**
 * Takes stylesheets out of events, so that each is stored once and not with every snapshot: hashes them, asks the server which it lacks and
 * uploads those. A sheet that cannot be uploaded stays in its event.
 */
export class StylesheetKeeper {
  private readonly known = new Set<string>();
  private readonly hashes = new Map<string, string>();

  constructor(
    private readonly target: Target,
    private readonly post: typeof fetch,
  ) {}

  /** Replaces the stylesheets of DOM events by their hashes, once the server has them. */
  async extract(events: object[]): Promise<void> {
    if (!globalThis.crypto?.subtle) {
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
    const byHash = new Map<string, string>();
    for (const { text } of found) {
      byHash.set(await this.hash(text), text);
    }
    await this.upload(byHash);
    for (const { attributes, text } of found) {
      const hash = await this.hash(text);
      if (this.known.has(hash)) {
        attributes['_cssText'] = ASSET_PREFIX + hash;
      }
    }
  }

  private async hash(text: string): Promise<string> {
    let hash = this.hashes.get(text);
    if (!hash) {
      hash = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
      if (this.hashes.size >= MAX_KNOWN) {
        this.hashes.clear();
      }
      this.hashes.set(text, hash);
    }
    return hash;
  }

  private async upload(byHash: Map<string, string>): Promise<void> {
    const unknown = [...byHash.keys()].filter((hash) => !this.known.has(hash)).slice(0, 256);
    if (unknown.length === 0) {
      return;
    }
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        const answer = await this.send('v1/assets/missing', unknown.join('\n'));
        const { missing } = (await answer.json()) as { missing: string[] };
        for (const hash of missing) {
          await this.send(`v1/assets/${hash}`, await gzip(new TextEncoder().encode(byHash.get(hash)) as Uint8Array<ArrayBuffer>), '&type=text/css');
        }
        unknown.forEach((hash) => this.known.add(hash));
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, backoff(attempt) / 4));
      }
    }
  }

  private async send(path: string, body: BodyInit, query = ''): Promise<Response> {
    const response = await this.post(`${this.target.endpoint}/${path}?key=${encodeURIComponent(this.target.writeKey)}${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body,
      credentials: 'omit',
    });
    if (!response.ok) {
      throw new Error(`${path} was answered with ${response.status}`);
    }
    return response;
  }
}
