import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { openDB } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import { bytesToHex, newId, newSecret, type EventBatch } from '@session-replay/format';
import { Batcher } from '../src/batcher.ts';
import type { RecordedEvent } from '../src/events.ts';
import { Failures } from '../src/failures.ts';
import type { Channel } from '../src/transport/channel.ts';
import type { FromWorker, Target, ToWorker } from '../src/transport/protocol.ts';
import { receiver } from '../src/transport/receiver.ts';
import { readUpload } from './support/upload.ts';

afterEach(() => vi.restoreAllMocks());

/** What may become of an upload: all of it, or each of its batches by itself. */
const OUTCOMES = [
  'taken', 'busy', 'too large', 'never arrived', 'answer lost', 'refused', 'every second refused', 'from the second on busy',
] as const;
type Outcome = (typeof OUTCOMES)[number];
interface Result {
  status: number;
  code?: string;
  retryAfter?: number;
}

/** A server that remembers what it has taken, and has planned what it does with each upload. */
class Server {
  readonly taken = new Map<number, EventBatch>();
  readonly refused = new Set<number>();
  /** In the order in which they came first. */
  readonly order: number[] = [];
  mostBatches = 0;

  constructor(
    private readonly outcomes: Outcome[],
    private readonly delayMs: number,
  ) {}

  readonly fetch: typeof fetch = async (_, init) => {
    const { batches } = await readUpload(new Uint8Array(init!.body as Uint8Array<ArrayBuffer>));
    const outcome = this.outcomes.shift() ?? 'taken';
    await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (outcome === 'never arrived') {
      throw new TypeError('offline');
    }
    if (outcome === 'busy') {
      return Response.json({ code: 'busy' }, { status: 503, headers: { 'Retry-After': '0' } });
    }
    if (outcome === 'too large' && batches.length > 1) {
      return new Response('', { status: 413 });
    }
    this.mostBatches = Math.max(this.mostBatches, batches.length);
    const results = batches.map((batch, i) => this.take(batch, outcome, i));
    if (outcome === 'answer lost') {
      throw new TypeError('connection lost');
    }
    const windows = batches.filter((_, i) => results[i]!.status === 202)
      .map((batch) => ({ window: bytesToHex(batch.window_id), acknowledged: [[batch.seq, batch.seq]] }));
    const isMixed = results.some(({ status }) => status !== results[0]!.status);
    return Response.json(
      isMixed ? { windows, batches: results } : { windows, code: results[0]!.code }, { status: isMixed ? 207 : results[0]!.status },
    );
  };

  private take(batch: EventBatch, outcome: Outcome, i: number): Result {
    if (outcome === 'from the second on busy' && i > 0) {
      return { status: 503, code: 'overloaded', retryAfter: 0 };
    }
    this.order.push(...(this.order.includes(batch.seq) ? [] : [batch.seq]));
    if ((outcome === 'refused' || (outcome === 'every second refused' && i % 2 === 1)) && !this.taken.has(batch.seq)) {
      this.refused.add(batch.seq);
      return { status: 400, code: 'batch-invalid' };
    }
    if (this.taken.has(batch.seq)) {
      expect(batch).toEqual(this.taken.get(batch.seq));
    }
    this.taken.set(batch.seq, batch);
    return { status: 202 };
  }
}

type Step = { size: number } | 'cut' | 'flush' | 'wait';
const steps = fc.array(fc.oneof(
  { weight: 3, arbitrary: fc.record({ size: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 200 }) }, fc.constantFrom(30_000, 70_000)) }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>('cut', 'flush', 'wait') },
), { maxLength: 60, size: 'max' });

/** A page and its Web Worker, without a browser between them. */
class Visit {
  readonly reports: FromWorker[] = [];
  said = 0;
  private readonly target: Target = {
    endpoint: 'https://e.example', writeKey: 'wk', session: newId(), secret: newSecret(), window: newId(), maxBytes: 90_000,
  };
  private readonly channel: Channel;
  private readonly batcher: Batcher;
  private readonly done: Promise<void>;

  constructor(server: Server) {
    let done: () => void;
    this.done = new Promise((resolve) => (done = resolve));
    const receive = receiver((message) => {
      this.reports.push(message);
      if (message.type === 'done') {
        done();
      } else if (message.type === 'weighed') {
        this.batcher.noteWeight(message.seq, message.characters, message.bytes);
      } else if (message.type === 'full') {
        this.batcher.closeFull(message.seq);
      }
    }, server.fetch);
    this.channel = { post: (message: ToWorker) => receive(structuredClone(message)) } as Channel;
    this.channel.post({ type: 'start', target: this.target });
    this.batcher = new Batcher(this.channel, () => undefined as never, new Failures(undefined), 100_000);
  }

  async take(step: Step): Promise<void> {
    if (typeof step === 'object') {
      const event: RecordedEvent = { time: 1, custom: { name: `e${this.said++}`, properties_json: 'x'.repeat(step.size) } };
      this.batcher.add(event);
    } else if (step === 'cut') {
      this.batcher.cut(false);
    } else if (step === 'flush') {
      this.channel.post({ type: 'flush' });
    } else {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  /** The page stops; resolves when nothing is left to be sent. */
  end(): Promise<void> {
    this.batcher.cut(true);
    this.channel.post({ type: 'end' });
    return this.done;
  }

  /** The numbers of the batches that are in the browser's store. */
  async stored(): Promise<number[]> {
    const database = await openDB('session-replay');
    const all = (await database.getAll('batches')) as { session: string; seq: number }[];
    database.close();
    return all.filter(({ session }) => session === this.target.session).map(({ seq }) => seq);
  }

  /** The numbers of the batches that the Web Worker has reported about. */
  reported(type: 'acknowledged' | 'refused'): number[] {
    return this.reports.flatMap((report) => (report.type === type ? [report.batch.seq] : []));
  }
}

test('every event is sent once and in order, or reported as refused, whatever becomes of the uploads', async () => {
  // Failed attempts are repeated at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const plans = fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 30, size: 'max' });
  await fc.assert(fc.asyncProperty(steps, plans, fc.constantFrom(0, 5), async (all, outcomes, delayMs) => {
    const server = new Server([...outcomes], delayMs);
    const visit = new Visit(server);
    for (const step of all) {
      await visit.take(step);
    }
    await visit.end();

    // Batches came in the order of their numbers, without a gap.
    expect(server.order).toEqual([...server.taken.keys(), ...server.refused].map((_, i) => i));
    const names = [...server.taken.values()].flatMap((batch) => batch.events.map((e) => Number(e.custom!.name.slice(1))));
    // Events are in order, none is there twice, and as many are missing as were reported.
    expect(names).toEqual([...new Set(names)].sort((a, b) => a - b));
    const refused = visit.reports.reduce((sum, report) => sum + (report.type === 'refused' ? report.events : 0), 0);
    expect(names.length + refused).toBe(visit.said);
    expect(visit.reported('acknowledged').sort((a, b) => a - b)).toEqual([...server.taken.keys()].sort((a, b) => a - b));
    expect(visit.reported('refused').sort((a, b) => a - b)).toEqual([...server.refused].sort((a, b) => a - b));
    expect(server.mostBatches).toBeLessThanOrEqual(16);
    expect(await visit.stored()).toEqual([]);
  }), { numRuns: 60 });
});
