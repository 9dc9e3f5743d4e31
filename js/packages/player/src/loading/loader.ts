import { Api } from '../data/api.ts';
import { ApiProblem } from '../data/api-problem.ts';
import { chunkKey } from '../data/chunk-error.ts';
import { readEvents } from '../data/chunk-events.ts';
import { eventRows } from '../events/event-rows.ts';
import { Assets } from './assets.ts';
import { HeldBatches } from './held-batches.ts';
import type { Answer, Failure, Order } from './protocol.ts';
import { readChunk, type ChunkContent } from './read-chunk.ts';
import { KnownChunks, type KnownWindow } from './stretches.ts';
import { StretchFetcher, Superseded, type Priority } from './stretch-fetcher.ts';

/** Batches that are held round the moment that the viewer looks at, in bytes as they came. */
const MAX_HELD = 16 * 1024 * 1024;

type Numbered = Extract<Order, { order: number }>;

/** Sends an answer, and hands over some of its buffers. */
export type Send = (answer: Answer, transfer?: Transferable[]) => void;

/** Loads the chunks of one session, unpacks and decodes them. Runs in a worker of the player. */
export class Loader {
  private readonly chunks = new KnownChunks();
  private readonly held = new HeldBatches(MAX_HELD);
  private readonly api: Api;
  private readonly assets: Assets;
  private readonly fetcher: StretchFetcher;

  constructor(api: string, session: string, private readonly send: Send) {
    this.api = new Api(api, (waiting) =>
      send({ is: 'waiting', waiting: waiting && { seconds: waiting.seconds, problem: asData(waiting.problem) } }));
    this.assets = new Assets((hashes) => this.api.assets(session, hashes));
    this.fetcher = new StretchFetcher((query, signal) => this.api.batches(session, query, signal), this.chunks, this.held);
  }

  take(order: Exclude<Order, { do: 'open' }>): void {
    switch (order.do) {
      case 'know':
        this.chunks.know(order.windows);
        this.api.view = order.view;
        break;
      case 'drop':
        this.fetcher.drop();
        break;
      case 'prepare':
        // Its error is met when it is loaded.
        this.fetcher.get(chunkKey(order.window, order.seq), 'now').catch(() => undefined);
        break;
      case 'load':
        this.held.focus = this.chunks.find(chunkKey(order.window, order.seq))?.chunk.from ?? this.held.focus;
        void this.answer(order, () => this.load(order));
        break;
      case 'list':
        void this.answer(order, () => this.list(order));
        break;
      case 'read':
        void this.answer(order, () => this.read(order));
    }
  }

  private async load({ order, window, seq }: Numbered): Promise<void> {
    const { page, bytes } = await this.content(window, seq, 'now');
    const chunk = { window, seq, bytes: Math.max(1, bytes), page: { ...page, ...(await this.assets.namedIn(page.block)) } };
    this.send({ is: 'loaded', order, chunk }, [page.block.buffer, page.times.buffer]);
  }

  private async list({ order, window, seq }: Numbered): Promise<void> {
    const { page, other } = await this.content(window, seq, 'later');
    this.send({ is: 'listed', order, rows: eventRows({ window, seq, other }, readEvents(page)) });
  }

  private async read({ order, window, seq, list, index }: Order & { do: 'read' }): Promise<void> {
    const { page, other } = await this.content(window, seq, 'later');
    this.send({ is: 'read', order, event: (list === 'dom' ? readEvents(page) : other)[index] });
  }

  private async content(window: string, seq: number, priority: Priority): Promise<ChunkContent & { bytes: number }> {
    const key = chunkKey(window, seq);
    const batch = await this.fetcher.get(key, priority);
    const known = this.chunks.find(key) as { window: KnownWindow; chunk: KnownWindow['chunks'][number] };
    return { ...(await readChunk(batch, known.window, known.chunk)), bytes: batch.length };
  }

  private async answer({ order }: Numbered, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.send(error instanceof Superseded ? { is: 'superseded', order } : { is: 'failed', order, failure: failureOf(error) });
    }
  }
}

function failureOf(error: unknown): Failure {
  return {
    message: error instanceof Error ? error.message : String(error),
    problem: error instanceof ApiProblem ? asData(error) : undefined,
  };
}

function asData({ status, code, title, detail }: ApiProblem): NonNullable<Failure['problem']> {
  return { status, code, title, detail };
}
