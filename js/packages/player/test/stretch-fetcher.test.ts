import { describe, expect, test, vi } from 'vitest';
import { ApiProblem } from '../src/data/api-problem.ts';
import { HeldBatches } from '../src/loading/held-batches.ts';
import type { StreamRecord } from '../src/loading/record-reader.ts';
import { KnownChunks } from '../src/loading/stretches.ts';
import { StretchFetcher, Superseded } from '../src/loading/stretch-fetcher.ts';
import { chunk } from './support/recordings.ts';

/** An answer that a test gives, record by record. */
class Answer {
  private readonly given: (() => Promise<IteratorResult<StreamRecord, boolean>>)[] = [];
  private wake = (): void => undefined;

  constructor(readonly query: string[], readonly signal: AbortSignal) {}

  batch(seq: number, head: object = { encoding: 'gzip', length: 10 }, size = 1000): void {
    this.give(() => Promise.resolve({ done: false, value: { head: { window: 'a', seq, ...head }, body: new Uint8Array(size) } }));
  }

  end(more = false): void {
    this.give(() => Promise.resolve({ done: true, value: more }));
  }

  fail(error: unknown): void {
    this.give(() => Promise.reject(error as Error));
  }

  async *records(): AsyncGenerator<StreamRecord, boolean, void> {
    for (;;) {
      while (this.given.length === 0) {
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
      const next = await this.given.shift()!();
      if (next.done) {
        return next.value;
      }
      yield next.value;
    }
  }

  private give(next: () => Promise<IteratorResult<StreamRecord, boolean>>): void {
    this.given.push(next);
    this.wake();
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** A session of one window with batches of 1 MB each, two of which are asked for at once. */
function create(maxBytes = 1e9): { fetcher: StretchFetcher; answers: Answer[]; held: HeldBatches } {
  const answers: Answer[] = [];
  const chunks = new KnownChunks();
  const list = Array.from({ length: 30 }, (_, seq) => ({ ...chunk(seq, seq, seq), bytes: 1024 * 1024 }));
  chunks.know([{ id: 'a', clockOffset: 0, chunks: list }]);
  const held = new HeldBatches(maxBytes);
  const fetcher = new StretchFetcher((query, signal) => {
    const answer = new Answer(query, signal);
    answers.push(answer);
    return answer.records();
  }, chunks, held);
  return { fetcher, answers, held };
}

describe('StretchFetcher', () => {
  test('asks once for what is wanted at once and for what follows, and gives each batch as it comes', async () => {
    const { fetcher, answers } = create();
    const [first, second] = [fetcher.get('a/3', 'now'), fetcher.get('a/4', 'now')];
    await turn();
    expect(answers.map((answer) => answer.query)).toEqual([['stretch=a.3-4']]);
    answers[0]!.batch(3);
    expect(await first).toMatchObject({ encoding: 'gzip', length: 10, from: 3 });
    answers[0]!.batch(4);
    expect(await second).toMatchObject({ from: 4 });
    answers[0]!.end();
    await turn();
    expect((await fetcher.get('a/3', 'later')).from).toBe(3);
    expect(answers).toHaveLength(1);
  });

  test('what the viewer waits for does not wait for what is listed', async () => {
    const { fetcher, answers } = create();
    for (let seq = 0; seq < 20; seq++) {
      void fetcher.get(`a/${seq}`, 'later');
    }
    await turn();
    expect(answers.map((answer) => answer.query)).toEqual([['stretch=a.0-3']]);
    const now = fetcher.get('a/20', 'now');
    await turn();
    answers[1]!.batch(20);
    expect((await now).from).toBe(20);
  });

  test('a seek gives up what was wanted; the request goes on until another is needed', async () => {
    const { fetcher, answers } = create();
    const given = fetcher.get('a/0', 'now');
    await turn();
    fetcher.drop();
    await expect(given).rejects.toBeInstanceOf(Superseded);
    expect(answers[0]!.signal.aborted).toBe(false);
    const near = fetcher.get('a/1', 'now');
    await turn();
    expect(answers).toHaveLength(1);
    answers[0]!.batch(1);
    await near;
    void fetcher.get('a/20', 'now');
    await turn();
    expect([answers[0]!.signal.aborted, answers[1]!.query]).toEqual([true, ['stretch=a.20-21']]);
  });

  test('what is listed is still wanted when a seek gives it up', async () => {
    const { fetcher, answers } = create();
    const listed = fetcher.get('a/0', 'later');
    const shown = fetcher.get('a/0', 'now');
    await turn();
    fetcher.drop();
    await expect(shown).rejects.toBeInstanceOf(Superseded);
    answers[0]!.batch(0);
    expect((await listed).from).toBe(0);
  });

  test('an answer that says there is more is followed by another request', async () => {
    const { fetcher, answers } = create();
    const [first, second] = [fetcher.get('a/0', 'now'), fetcher.get('a/1', 'now')];
    await turn();
    answers[0]!.batch(0);
    answers[0]!.end(true);
    await first;
    await turn();
    expect(answers[1]!.query).toEqual(['stretch=a.1-2']);
    answers[1]!.batch(1);
    await second;
  });

  test('one chunk that is damaged fails alone, one that is not there is not found', async () => {
    const { fetcher, answers } = create();
    const all = [0, 1].map((seq) => fetcher.get(`a/${seq}`, 'now'));
    const missing = expect(all[1]).rejects.toMatchObject({ status: 404, code: 'not-found' });
    const damaged = expect(all[0]).rejects.toMatchObject({ status: 500, code: 'chunk-corrupt', title: 'Damaged.' });
    await turn();
    answers[0]!.batch(0, { problem: 'chunk-corrupt', title: 'Damaged.' });
    answers[0]!.end();
    await Promise.all([missing, damaged]);
    await expect(fetcher.get('b/7', 'now')).rejects.toMatchObject({ status: 404 });
  });

  test('a problem of the server is that of all that was asked for', async () => {
    const { fetcher, answers } = create();
    const all = [0, 1].map((seq) => expect(fetcher.get(`a/${seq}`, 'now')).rejects.toMatchObject({ status: 410 }));
    await turn();
    answers[0]!.fail(new ApiProblem(410, 'session-deleted', 'Deleted.', ''));
    await Promise.all(all);
  });

  test('an answer that breaks off is asked for again, and at last is a problem', async () => {
    vi.useFakeTimers();
    const { fetcher, answers } = create();
    const shown = expect(fetcher.get('a/1', 'now')).rejects.toMatchObject({ status: 0, code: 'unreachable' });
    const first = fetcher.get('a/0', 'now');
    await vi.advanceTimersByTimeAsync(1);
    answers[0]!.batch(0);
    for (let i = 0; i < 4; i++) {
      answers.at(-1)!.fail(new Error('The stream broke off.'));
      await vi.advanceTimersByTimeAsync(5000);
    }
    await shown;
    await first;
    expect(answers.map((answer) => answer.query[0])).toEqual(['stretch=a.0-1', ...Array.from({ length: 3 }, () => 'stretch=a.1-2')]);
    vi.useRealTimers();
  });

  test('however much was loaded, what is held is bounded: what is far from the viewer goes', async () => {
    const { fetcher, answers, held } = create(5000);
    held.focus = 20;
    for (let seq = 0; seq < 30; seq += 2) {
      const loading = fetcher.get(`a/${seq}`, 'now');
      await turn();
      answers.at(-1)!.batch(seq);
      answers.at(-1)!.batch(seq + 1);
      answers.at(-1)!.end();
      await loading;
      await turn();
      expect(held.bytes).toBeLessThanOrEqual(5000);
    }
    expect([18, 19, 20, 21, 22].map((seq) => held.has(`a/${seq}`))).toEqual([true, true, true, true, true]);
  });
});
