import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, gunzip, readDomEvents, type EventBatch, type WireEvent } from '@session-replay/format';
import { readUpload, secretOf } from './upload.ts';

const dist = join(import.meta.dirname, '..', '..', 'dist');

/** A received batch with its DOM events parsed. */
export interface Received {
  batch: EventBatch;
  session: string;
  window: string;
  /** In hex; stands in front of the batch. */
  secret: string;
  dom: { type: number; data: Record<string, unknown>; timestamp: number }[];
}

function domEventsOf({ dom_events: block }: EventBatch): object[] {
  if (!block) {
    return [];
  }
  const { events, times } = readDomEvents(block);
  return events.map((event, i) => ({ ...event, timestamp: times[i] }));
}

/** A real HTTP server that takes what a recorder sends, and serves pages to record. */
export class TestServer {
  readonly batches: Received[] = [];
  /** How many batches each upload had. */
  readonly uploads: number[] = [];
  /** Whether answers say that somebody watches. */
  isLive = false;
  readonly assets = new Map<string, string>();
  readonly assetBodies = new Map<string, Buffer>();
  readonly assetTypes = new Map<string, string>();
  readonly forgotten: string[] = [];
  readonly forgottenSecrets: string[] = [];
  readonly paths: string[] = [];
  settings: Record<string, unknown> = {};
  pages: Record<string, string> = {};
  headers: Record<string, string> = {};
  /** Answers for the next batches instead of 202. */
  failures: { status: number; body?: object; headers?: Record<string, string> }[] = [];
  /** Batches that are taken, and whose answer is then cut off. */
  swallowedAnswers = 0;
  /** Ranges that answers vouch for, besides the batch at hand. */
  alsoAcknowledged: [number, number][] = [];
  /** Answers to requests to forget a session, instead of 202. */
  forgetStatus = 202;
  /** Files by path, with their type. */
  files: Record<string, { type: string; body: Buffer }> = {};
  /** Files that no cache may store. */
  unstored: Record<string, { type: string; body: Buffer }> = {};
  /** How long requests for assets are held. */
  assetDelayMs = 0;
  /** Requests for assets that were held, and are not any more. */
  assetsHeld = 0;
  /** Answers uploads of assets in place of 204. */
  assetRefusal: { status: number; body: object } | undefined;
  readonly assetSecrets = new Set<string>();
  /** Pages that are sent bit by bit: each writes its own answer. */
  streams: Record<string, (response: ServerResponse) => Promise<void>> = {};
  private server: Server | undefined;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const stream = this.streams[request.url!];
      if (stream) {
        void stream(response);
        return;
      }
      void this.answer(request).then(({ status, type, body, headers }) => {
        if (status === 0) {
          response.destroy();
          return;
        }
        response.writeHead(status, { 'Content-Type': type, 'Access-Control-Allow-Origin': '*', ...headers });
        response.end(body);
      }).catch((error: NodeJS.ErrnoException) => {
        response.destroy();
        // A page that goes may take a request with it; any other error fails the run.
        if (error.code !== 'ECONNRESET') {
          throw error;
        }
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server!.address() as AddressInfo).port}`;
  }

  get events(): WireEvent[] {
    return this.batches.flatMap((b) => b.batch.events);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** Waits until a condition holds, at most a minute and a half. */
  async until(condition: () => boolean, what: string): Promise<void> {
    for (const end = Date.now() + 90_000; Date.now() < end; ) {
      if (condition()) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`not within 90 s: ${what}; got ${this.batches.length} batches, paths ${this.paths.slice(-20).join(' ')}`);
  }

  private async answer(
    request: IncomingMessage,
  ): Promise<{ status: number; type: string; body: string | Buffer; headers?: Record<string, string> }> {
    const url = new URL(request.url!, 'http://x');
    this.paths.push(`${request.method} ${url.pathname}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = new Uint8Array(Buffer.concat(chunks));
    const json = (status: number, value: object, headers = {}) => ({
      status, type: 'application/json', body: JSON.stringify(value), headers,
    });
    const path = url.pathname.replace(/^\/session-replay\//, '');
    if (path === 'v1/settings') {
      return json(200, {
        enabled: true, sampleRate: 1, maskAllText: false, recordNetworkBodies: true, recordConsole: true, respectDoNotTrack: false,
        limits: { idleMs: 1_800_000, sessionMs: 86_400_000 }, ...this.settings,
      });
    }
    if (path === 'v1/batches') {
      const failure = this.failures.shift();
      if (failure) {
        return json(failure.status, failure.body ?? {}, failure.headers);
      }
      const { secret, batches } = await readUpload(body);
      this.uploads.push(batches.length);
      for (const batch of batches) {
        const dom = domEventsOf(batch) as Received['dom'];
        this.batches.push({ batch, session: bytesToHex(batch.session_id), window: bytesToHex(batch.window_id), secret, dom });
      }
      if (this.swallowedAnswers > 0) {
        this.swallowedAnswers--;
        return { status: 0, type: '', body: '' };
      }
      const windows = batches.map((batch) => ({
        window: bytesToHex(batch.window_id), acknowledged: [[batch.seq, batch.seq], ...this.alsoAcknowledged],
      }));
      return json(202, { windows, serverTime: Date.now(), live: this.isLive || undefined });
    }
    const asset = /^v1\/sessions\/[0-9a-f]{32}\/assets\/(\w+)$/.exec(path)?.[1];
    if (asset && this.assetDelayMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, this.assetDelayMs).unref());
      this.assetsHeld++;
    }
    if (asset === 'missing') {
      return json(200, { missing: new TextDecoder().decode(body.slice(20)).split('\n').filter((hash) => !this.assets.has(hash)) });
    }
    if (asset) {
      this.assetSecrets.add(secretOf(body));
      if (this.assetRefusal) {
        return json(this.assetRefusal.status, this.assetRefusal.body);
      }
      const content = await gunzip(body.slice(20));
      this.assets.set(asset, new TextDecoder().decode(content));
      this.assetBodies.set(asset, Buffer.from(content));
      this.assetTypes.set(asset, url.searchParams.get('type') ?? '');
      return { status: 204, type: 'text/plain', body: '' };
    }
    if (path.endsWith('/forget')) {
      this.forgotten.push(path.split('/')[2]!);
      this.forgottenSecrets.push(secretOf(body));
      return json(this.forgetStatus, {});
    }
    const file = this.files[url.pathname] ?? this.unstored[url.pathname];
    if (file) {
      return {
        status: 200,
        type: file.type,
        body: file.body,
        headers: { 'Cache-Control': file === this.files[url.pathname] ? 'max-age=600' : 'no-store' },
      };
    }
    if (/^recorder\.(js|mjs|worker\.js|fallback\.mjs|later\.mjs)$/.test(path)) {
      return { status: 200, type: 'text/javascript', body: readFileSync(join(dist, path)) };
    }
    const page = this.pages[url.pathname];
    return page === undefined
      ? { status: 404, type: 'text/plain', body: 'no such page' }
      : {
          status: 200,
          type: url.pathname.endsWith('.css') ? 'text/css' : url.pathname.endsWith('.json') ? 'application/json' : 'text/html',
          body: page,
          headers: this.headers,
        };
  }
}
