import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CrashGuard } from '../src/stage/crash-guard.ts';
import { readAnswer, readOrder } from '../src/stage/protocol.ts';
import { SignsOfLife } from '../src/stage/signs-of-life.ts';
import { chunkEvents } from './support/chunk-events.ts';

const ODD: unknown[] = [
  null, undefined, 0, -1, NaN, Infinity, 'x', '', true, [], {}, [null], new Map(), new Uint8Array(1), { length: 1e9 }, 'x'.repeat(1e6),
  Array(1e5).fill('x'),
];

describe('what the stage answers', () => {
  const GOOD: Record<string, unknown>[] = [
    { is: 'alive' },
    { is: 'reply', order: 1, result: 'shown', from: 5, isPlaying: true },
    { is: 'size', width: 800, height: 600 },
    { is: 'clock', at: 1, when: 2 },
    { is: 'ended', until: 9 },
    { is: 'notes', limited: ['elements'], missing: ['a.example'] },
  ];

  test.each(GOOD)('is read when it has its form: %o', (answer) => expect(readAnswer(answer)).toEqual(answer));

  test.each(
    GOOD.flatMap((answer) =>
      Object.keys(answer)
        .filter((key) => key !== 'isPlaying')
        .map((key) => [answer['is'], key, answer] as const),
    ),
  )('is nothing in any other form: %s, %s', (_, key, answer) => {
    for (const value of ODD) {
      const read = readAnswer({ ...answer, [key]: value }) as Record<string, unknown> | undefined;
      // What comes of it is of the kind that was expected, and small.
      expect(read === undefined || (typeof read[key] === typeof answer[key] && JSON.stringify(read).length < 200)).toBe(true);
      expect(key !== 'is' || read === undefined).toBe(true);
    }
  });

  test.each(ODD.map((value) => [value]))('is nothing that is no answer', (value) => expect(readAnswer(value)).toBeUndefined());

  test('brings along nothing that was not asked for', () => {
    expect(readAnswer({ is: 'alive', x: 1 })).toEqual({ is: 'alive' });
    expect(readAnswer({ is: 'notes', limited: ['elements', 'Send your password'], missing: [] })).toEqual({
      is: 'notes',
      limited: ['elements'],
      missing: [],
    });
    expect(readAnswer({ is: 'notes', limited: [], missing: Array(21).fill('a') })).toBeUndefined();
    expect(readAnswer({ is: 'size', width: 20_001, height: 1 })).toBeUndefined();
  });
});

describe('what the player orders', () => {
  const GOOD: Record<string, unknown>[] = [
    { do: 'look' },
    { do: 'open', page: 1 },
    { do: 'feed', order: 1, page: 1, events: chunkEvents([]), isContinued: false },
    { do: 'show', order: 1, page: 1, time: 5, play: true },
    { do: 'pause' },
    { do: 'speed', speed: 2 },
    { do: 'close' },
  ];

  test.each(GOOD)('is read when it has its form: %o', (order) => expect(readOrder(structuredClone(order))).toEqual(order));

  test.each(
    GOOD.flatMap((order) =>
      Object.keys(order)
        .filter((key) => !['play', 'isContinued'].includes(key))
        .map((key) => [order['do'], key, order] as const),
    ),
  )('is nothing in any other form: %s, %s', (_, key, order) => {
    for (const value of ODD) {
      const read = readOrder({ ...order, [key]: value }) as Record<string, unknown> | undefined;
      expect(read === undefined || typeof read[key] === typeof order[key]).toBe(true);
      expect(!['do', 'events'].includes(key) || read === undefined).toBe(true);
    }
  });
});

describe('signs of life', () => {
  const page = { hidden: false };
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('document', page);
    page.hidden = false;
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('that fail to come five times in a row are missed, once', () => {
    const silent = vi.fn();
    const life: SignsOfLife = new SignsOfLife(() => undefined, () => {
      life.stop();
      silent();
    });
    vi.advanceTimersByTime(5999);
    expect(silent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(silent).toHaveBeenCalledOnce();
  });

  test('that come late, or while nothing is displayed not at all, are none missed', () => {
    const silent = vi.fn();
    let asked = 0;
    const life = new SignsOfLife(() => asked++, silent);
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(4000);
      life.note();
    }
    page.hidden = true;
    vi.advanceTimersByTime(100_000);
    page.hidden = false;
    vi.advanceTimersByTime(4000);
    life.stop();
    expect([silent.mock.calls.length, asked]).toEqual([0, 84]);
  });
});

describe('the note of a recording that is being read or drawn', () => {
  let stored: Map<string, string>;
  let frames: (() => void)[];
  const storage = () =>
    ({
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    }) as unknown as Storage;
  beforeEach(() => {
    stored = new Map();
    frames = [];
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  });
  afterEach(() => vi.unstubAllGlobals());
  const frame = (): void => frames.splice(0).forEach((run) => run());

  const draw = (guard: CrashGuard): void => {
    guard.begin();
    guard.end();
    frame();
    frame();
  };

  test('is there from before the work begins until the second frame after it', () => {
    const guard = new CrashGuard('s', storage());
    guard.begin();
    guard.end();
    frame();
    guard.begin();
    frame();
    expect(stored.size).toBe(1);
    guard.end();
    frame();
    frame();
    expect(stored.size).toBe(0);
  });

  test('that was found or is to be kept stays until the viewer wants the recording drawn', () => {
    new CrashGuard('s', storage()).begin();
    const found = new CrashGuard('s', storage());
    expect([found.isStuck, new CrashGuard('other', storage()).isStuck]).toEqual([true, false]);
    draw(found);
    expect(found.isStuck).toBe(true);
    found.forget();
    draw(found);
    expect(found.isStuck).toBe(false);
    found.keep();
    draw(found);
    expect(found.isStuck).toBe(true);
  });
});
