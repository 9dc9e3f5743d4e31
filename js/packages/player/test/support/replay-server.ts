import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { WireEvent } from '@session-replay/format';
import { build } from 'esbuild';
import type { Manifest, Session } from '../../src/data/types.ts';
import { answerReplay } from './frame-page.ts';
import { batch } from './recordings.ts';
import { end, record } from './stream.ts';

/** A session that the server has. */
export interface Recording {
  manifest: Manifest;
  events: (window: string, seq: number) => WireEvent[];
}

/** How long a question for what is new waits. */
const KNOWN_MS = 100;

type Fault = (response: ServerResponse) => void;

/** What stands in an answer in place of a batch. */
interface BadBatch {
  problem?: { code: string; title: string };
  body?: string;
}

/** The policy of the console's own pages (ConsolePage.cs). */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
  + "require-trusted-types-for 'script'; trusted-types lit-html session-replay-player";

/** A playback API over HTTP with made-up recordings, and pages with the player and the list. It counts what is asked for, and can fail. */
export class ReplayServer {
  readonly recordings = new Map<string, Recording>();
  sessions: Session[] = [];
  /** The sessions that were deleted. */
  readonly deleted = new Set<string>();
  /** The chunks that were asked for, in order, as window/seq. */
  chunks: string[] = [];
  /** The requests for chunks. */
  requests: string[] = [];
  /** How many manifests were asked for. */
  manifests = 0;
  searches: URLSearchParams[] = [];
  /** What answers a request for a chunk in place of all that it asks for: once for each time in the list. */
  readonly faults = new Map<string, Fault[]>();
  /** What stands in place of a chunk, each time. */
  readonly bad = new Map<string, BadBatch>();
  searchFaults: Fault[] = [];
  /** What answers in place of the stage or of the replay's frame, once each. */
  readonly frameFaults = new Map<string, Fault[]>();
  origin = '';
  private server: Server | undefined;
  private readonly scripts = new Map<string, string>();

  async start(): Promise<void> {
    for (const [name, entry] of [['session-replay-player.js', 'index.ts'], ['session-replay-player.worker.js', 'loading/worker.ts']]) {
      const { outputFiles } = await build({
        entryPoints: [fileURLToPath(new URL(`../../src/${entry}`, import.meta.url))],
        bundle: true, write: false, format: 'esm', loader: { '.css': 'text' }, define: { WORKER_VERSION: '"1"' },
      });
      this.scripts.set(name!, outputFiles[0]!.text);
    }
    this.server = createServer((request, response) => this.answer(request, response)).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  reset(): void {
    this.chunks = [];
    this.requests = [];
    this.searches = [];
    this.deleted.clear();
    this.faults.clear();
    this.bad.clear();
    this.searchFaults = [];
    this.frameFaults.clear();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, this.origin);
    const [, part, what, tenant, sessions, id, more] = url.pathname.split('/');
    if (this.scripts.has(part!)) {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(this.scripts.get(part!));
    } else if (part === 'play') {
      this.page(response, `<session-replay-player api="/api" tenant="shop" session="${what}" back="/list"></session-replay-player>`);
    } else if (part === 'list') {
      this.page(response, '<session-replay-list api="/api" href="/play/{id}"></session-replay-list>');
    } else if (part === 'api' && (what === 'replay-frame' || what === 'replay-stage')) {
      const fault = this.frameFaults.get(what)?.shift();
      if (fault) {
        fault(response);
      } else {
        answerReplay(url.pathname, response);
      }
    } else if (part === 'api' && what === 'sessions' && tenant === undefined) {
      this.search(url.searchParams, response);
    } else if (part === 'api' && `${what}/${tenant}/${sessions}` === 'tenants/shop/sessions' && request.method === 'DELETE') {
      this.deleted.add(id!);
      response.writeHead(204).end();
    } else if (part === 'api' && this.deleted.has(id ?? '')) {
      problem(410, 'session-deleted', 'The session was deleted; its recording is gone for good.')(response);
    } else if (part === 'api' && `${what}/${tenant}/${sessions}` === 'tenants/shop/sessions' && more === 'batches') {
      this.requests.push(url.search);
      this.batches(this.recordings.get(id!)!, url.searchParams.getAll('stretch'), response);
    } else if (part === 'api' && `${what}/${tenant}/${sessions}` === 'tenants/shop/sessions' && this.recordings.has(id ?? '')) {
      const { manifest } = this.recordings.get(id!)!;
      this.manifests += more === 'manifest' ? 1 : 0;
      if (url.searchParams.get('known') === String(manifest.session.chunks)) {
        setTimeout(() => response.writeHead(204).end(), KNOWN_MS);
        return;
      }
      json(
        response,
        more === 'manifest'
          ? manifest
          : {
              session: manifest.session,
              pageList: manifest.windows.map((w) => ({ time: w.from, window: w.id, url: w.url ?? '', title: w.title ?? '' })),
              pageListTruncated: false,
              sanitized: { card: 2 },
            },
      );
    } else {
      problem(404, 'not-found', 'The session, chunk or asset was not found.')(response);
    }
  }

  private batches(recording: Recording, stretches: string[], response: ServerResponse): void {
    const asked = stretches.flatMap((stretch) => {
      const [, window, first, last] = /^(.+)\.(\d+)-(\d+)$/.exec(stretch)!;
      const chunks = recording.manifest.windows.find((w) => w.id === window)!.chunks.map((c) => c.seq);
      return chunks.filter((seq) => seq >= Number(first) && seq <= Number(last)).map((seq) => ({ window: window!, seq }));
    });
    const records: Buffer[] = [];
    for (const { window, seq } of asked) {
      const key = `${window}/${seq}`;
      this.chunks.push(key);
      const fault = this.faults.get(key)?.shift();
      if (fault) {
        fault(response);
        return;
      }
      const bad = this.bad.get(key);
      const bytes = bad ? Buffer.from(bad.body ?? '') : batch(recording.events(window, seq), seq);
      const head = bad?.problem ? { problem: bad.problem.code, title: bad.problem.title } : { encoding: 'identity', length: bytes.length };
      records.push(record({ window, seq, ...head }, bytes));
    }
    response.writeHead(200, { 'Content-Type': 'application/x-session-replay-stream' }).end(Buffer.concat([...records, end()]));
  }

  private search(query: URLSearchParams, response: ServerResponse): void {
    this.searches.push(query);
    const fault = this.searchFaults.shift();
    if (fault) {
      fault(response);
      return;
    }
    const found = this.sessions.filter(
      (s) => (query.get('hasError') ? s.errors > 0 : true) && (query.get('url') ? (s.entryUrl ?? '').includes(query.get('url')!) : true),
    );
    const from = Number(query.get('cursor') ?? 0);
    json(response, { sessions: found.slice(from, from + 50), nextCursor: found.length > from + 50 ? String(from + 50) : null });
  }

  private page(response: ServerResponse, content: string): void {
    response
      .writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': POLICY })
      .end(
        `<!doctype html><html lang="en" class="session-replay-console"><title>Replay</title><script type="module" src="/session-replay-player.js"></script><body class="player"><main>${content}</main></body></html>`,
      );
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

/** An answer that is a problem. */
export function problem(status: number, code: string, title: string, headers: Record<string, string> = {}): Fault {
  return (response) =>
    response
      .writeHead(status, { 'Content-Type': 'application/problem+json', ...headers })
      .end(JSON.stringify({ code, title, status, detail: 'Try again.' }));
}
