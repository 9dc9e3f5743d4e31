import type { WireEvent } from '@session-replay/format';
import type { Waiting } from '../data/api.ts';
import { ApiProblem } from '../data/api-problem.ts';
import { ChunkError } from '../data/chunk-error.ts';
import type { DomEvent } from '../data/chunk-events.ts';
import type { ChunkInfo, WindowInfo } from '../data/types.ts';
import type { EventRow } from '../events/event-rows.ts';
import { openLoader } from './loader-host.ts';
import type { Answer, Failure, LoadedChunk, Order } from './protocol.ts';
import { Superseded } from './stretch-fetcher.ts';

type Numbered = Extract<Order, { order: number }>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'order'> : never;

interface Pending {
  window: string;
  seq: number;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/** The page's end of the loader: it runs in a worker, which holds what is round the playhead and nothing else. */
export class ChunkLoader {
  private readonly pending = new Map<number, Pending>();
  private readonly host: ReturnType<typeof openLoader>;
  private order = 0;

  /**
   * @param api The address of the playback API.
   * @param session The session's path below it.
   */
  constructor(
    api: string,
    session: string,
    private readonly onWaiting: (waiting: Waiting | undefined) => void = () => undefined,
    open = openLoader,
  ) {
    this.host = open((answer) => this.take(answer));
    this.host.send({ do: 'open', api: new URL(api, document.baseURI).href, session });
  }

  /** The manifest has come, or has grown. */
  know(windows: readonly WindowInfo[], view: string): void {
    this.host.send({
      do: 'know', view,
      windows: windows.map(({ id, clockOffset, chunks }) => ({
        id, clockOffset, chunks: chunks.map(({ seq, from, to, bytes }) => ({ seq, from, to, bytes })),
      })),
    });
  }

  /** Asks for a chunk that is loaded soon. */
  prepare(window: Pick<WindowInfo, 'id'>, { seq }: Pick<ChunkInfo, 'seq'>): void {
    this.host.send({ do: 'prepare', window: window.id, seq });
  }

  /** Loads a chunk for the stage. Rejects with a ChunkError, or with Superseded after `drop`. */
  async load(window: Pick<WindowInfo, 'id'>, { seq }: Pick<ChunkInfo, 'seq'>): Promise<LoadedChunk> {
    return (await this.ask<'loaded'>({ do: 'load', window: window.id, seq })).chunk;
  }

  /** Loads a chunk and lists its events. Rejects with a ChunkError. */
  async list(window: Pick<WindowInfo, 'id'>, { seq }: Pick<ChunkInfo, 'seq'>): Promise<EventRow[]> {
    return (await this.ask<'listed'>({ do: 'list', window: window.id, seq })).rows;
  }

  /** Reads the event of a row. Rejects with a ChunkError. */
  async read({ window, seq, list, index }: EventRow): Promise<WireEvent | DomEvent | undefined> {
    return (await this.ask<'read'>({ do: 'read', window, seq, list, index })).event;
  }

  /** Gives up what the stage waits for. */
  drop(): void {
    this.host.send({ do: 'drop' });
  }

  close(): void {
    this.host.close();
    this.pending.forEach(({ reject }) => reject(new Superseded('The player was closed.')));
    this.pending.clear();
  }

  private ask<T extends Answer['is']>(order: Unnumbered<Numbered>): Promise<Extract<Answer, { is: T }>> {
    const number = ++this.order;
    return new Promise((resolve, reject) => {
      this.pending.set(number, { ...order, resolve: resolve as (answer: Answer) => void, reject });
      this.host.send({ ...order, order: number } as Order);
    });
  }

  private take(answer: Answer): void {
    if (answer.is === 'waiting') {
      const { waiting } = answer;
      this.onWaiting(waiting && { seconds: waiting.seconds, problem: problemOf(waiting.problem) });
      return;
    }
    const asked = answer.is === 'ready' ? undefined : this.pending.get(answer.order);
    if (!asked || answer.is === 'ready') {
      return;
    }
    this.pending.delete(answer.order);
    if (answer.is === 'superseded') {
      asked.reject(new Superseded('Given up before it came.'));
    } else if (answer.is === 'failed') {
      asked.reject(new ChunkError(asked.window, asked.seq, errorOf(answer.failure)));
    } else {
      asked.resolve(answer);
    }
  }
}

function errorOf({ message, problem }: Failure): Error {
  return problem ? problemOf(problem) : new Error(message);
}

function problemOf({ status, code, title, detail }: NonNullable<Failure['problem']>): ApiProblem {
  return new ApiProblem(status, code, title, detail);
}
