import { ApiProblem } from '../data/api-problem.ts';
import { chunkKey } from '../data/chunk-error.ts';
import { deferred, type Deferred } from './deferred.ts';
import { HeldBatches, type HeldBatch } from './held-batches.ts';
import type { Records, StreamRecord } from './record-reader.ts';
import type { KnownChunks } from './stretches.ts';

/** Work that was given up: something else is wanted by now. */
export class Superseded extends Error {}

/** `now`: the viewer waits for it. `later`: loaded while there is nothing else to do. */
export type Priority = 'now' | 'later';

/**
 * What one request asks for, in bytes as they are stored: what is wanted, and what is played after it. And how many requests run at a time.
 */
const LIMITS: ReadonlyMap<Priority, { budget: number; atOnce: number }> = new Map([
  ['now', { budget: 2 * 1024 * 1024, atOnce: 2 }], ['later', { budget: 4 * 1024 * 1024, atOnce: 1 }],
]);
/** Answers in a row that break off before they have brought anything. */
const MAX_BROKEN = 4;
const BROKEN_WAIT_MS = 500;

type Wanted = Deferred<HeldBatch>;

interface Running {
  priority: Priority;
  keys: Set<string>;
  aborting: AbortController;
}

/** Asks for batches, many with one request, and for what is played after them before it is needed. */
export class StretchFetcher {
  private readonly wanted = { now: new Map<string, Wanted>(), later: new Map<string, Wanted>() };
  private readonly running = new Set<Running>();
  private isScheduled = false;
  private broken = 0;

  constructor(
    private readonly ask: (query: string[], signal: AbortSignal) => Records,
    private readonly chunks: KnownChunks,
    private readonly held: HeldBatches,
  ) {}

  /** Gets a batch. Rejects with Superseded after `drop`, else with an ApiProblem. */
  get(key: string, priority: Priority): Promise<HeldBatch> {
    const held = this.held.get(key);
    if (held) {
      return Promise.resolve(held);
    }
    const wanted = this.wanted[priority].get(key) ?? deferred<HeldBatch>();
    this.wanted[priority].set(key, wanted);
    this.schedule();
    return wanted.promise;
  }

  /** Gives up what the viewer waited for. A request goes on until another is needed: what it brings may be what is wanted next. */
  drop(): void {
    this.wanted.now.forEach(({ reject }) => reject(new Superseded('Given up before it came.')));
    this.wanted.now.clear();
  }

  /** What is wanted at once is asked for with one request. */
  private schedule(): void {
    if (!this.isScheduled) {
      this.isScheduled = true;
      queueMicrotask(() => {
        this.isScheduled = false;
        this.start('now');
        this.start('later');
      });
    }
  }

  private start(priority: Priority): void {
    const keys = [...this.wanted[priority].keys()].filter((key) => !this.isOnItsWay(key));
    if (keys.length === 0) {
      return;
    }
    if (priority === 'now') {
      this.endIdle();
    }
    const { budget, atOnce } = LIMITS.get(priority)!;
    if ([...this.running].filter((request) => request.priority === priority).length >= atOnce) {
      return;
    }
    const plan = this.chunks.plan(keys, (key) => this.held.has(key) || this.isOnItsWay(key), budget);
    for (const key of keys.filter((wanted) => !this.chunks.find(wanted))) {
      this.fail(key, notFound());
    }
    if (plan.keys.size > 0) {
      void this.run({ priority, keys: plan.keys, aborting: new AbortController() }, plan.query);
    }
  }

  private isOnItsWay(key: string): boolean {
    return [...this.running].some((request) => request.keys.has(key));
  }

  private isWanted(key: string): boolean {
    return this.wanted.now.has(key) || this.wanted.later.has(key);
  }

  /** Ends the requests for something that nobody waits for any more. */
  private endIdle(): void {
    for (const request of this.running) {
      if (request.priority === 'now' && ![...request.keys].some((key) => this.isWanted(key))) {
        request.aborting.abort();
        this.running.delete(request);
      }
    }
  }

  private async run(request: Running, query: string[]): Promise<void> {
    this.running.add(request);
    try {
      const more = await this.read(request, query);
      this.broken = 0;
      if (!more) {
        request.keys.forEach((key) => this.fail(key, notFound()));
      }
    } catch (error) {
      if (!request.aborting.signal.aborted) {
        await this.retryOrFail(request, error);
      }
    } finally {
      this.running.delete(request);
      this.schedule();
    }
  }

  /** Takes the batches of an answer. Gives whether there is more to ask for. */
  private async read(request: Running, query: string[]): Promise<boolean> {
    const records = this.ask(query, request.aborting.signal);
    for (;;) {
      const next = await records.next();
      if (request.aborting.signal.aborted) {
        return true;
      }
      if (next.done) {
        return next.value;
      }
      this.broken = 0;
      this.take(request, next.value);
    }
  }

  private take(request: Running, { head, body }: StreamRecord): void {
    const key = chunkKey(String(head['window']), Number(head['seq']));
    const from = this.chunks.find(key)?.chunk.from;
    if (from === undefined || !request.keys.delete(key)) {
      return;
    }
    if (typeof head['problem'] === 'string') {
      this.fail(key, new ApiProblem(500, head['problem'], String(head['title']), ''));
      return;
    }
    const batch = { bytes: body, encoding: String(head['encoding']), length: Number(head['length']), from };
    this.held.add(key, batch);
    this.settle(key, ({ resolve }) => resolve(batch));
  }

  /** An answer that broke off is asked for again, what has come of it left out. */
  private async retryOrFail(request: Running, error: unknown): Promise<void> {
    if (error instanceof ApiProblem || ++this.broken >= MAX_BROKEN) {
      const problem = error instanceof ApiProblem
        ? error
        : new ApiProblem(0, 'unreachable', 'The recording did not arrive whole.', 'Check the connection and try again.');
      request.keys.forEach((key) => this.fail(key, problem));
    } else {
      await new Promise((resolve) => setTimeout(resolve, BROKEN_WAIT_MS * this.broken));
    }
  }

  private fail(key: string, error: unknown): void {
    this.settle(key, ({ reject }) => reject(error));
  }

  private settle(key: string, how: (wanted: Wanted) => void): void {
    for (const wanted of [this.wanted.now, this.wanted.later]) {
      const found = wanted.get(key);
      wanted.delete(key);
      if (found) {
        how(found);
      }
    }
  }
}

function notFound(): ApiProblem {
  return new ApiProblem(404, 'not-found', 'This part of the recording was not found.', '');
}
