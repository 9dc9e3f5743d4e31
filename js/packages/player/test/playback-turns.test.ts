import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Timeline } from '../src/data/timeline.ts';
import { SPEEDS } from '../src/playback/playback.ts';
import { busy, create, notices, pass, playing, recorded, screen, settle, source, tick } from './support/fake-playback.ts';
import { chunk, window } from './support/recordings.ts';

beforeEach(() => vi.useRealTimers());

describe('several tabs', () => {
  const tabs = () => [
    window('a', 0, 9000, [
      chunk(0, 0, 9000, true, [
        [0, 1000],
        [6500, 9000],
      ]),
    ]),
    window('b', 2000, 8000, [
      chunk(0, 2000, 8000, true, [
        [2000, 4000],
        [8000, 8000],
      ]),
    ]),
  ];

  test('the visitor is followed to the tab that is in front, and back', async () => {
    const playback = await playing(...tabs());
    playback.skip = false;
    await pass(playback, 12_000);
    expect(screen.shown.map((s) => s.split('@')[0])).toEqual(['b', 'a', 'b', 'a']);
    expect([playback.time, notices]).toEqual([9000, []]);
  });

  test('each act is seen in its tab from before it on, however fast the visitor goes to and fro, and at any speed', async () => {
    const times = Array.from({ length: 40 }, (_, i) => 1000 + i * 130);
    const of = (id: 'a' | 'b') => times.filter((_, i) => (i % 2 === 0) === (id === 'a'));
    for (const speed of SPEEDS) {
      const make = (id: 'a' | 'b') => window(id, 0, 7000, [chunk(0, 0, 7000, true, [[0, 6900]])]);
      const playback = create(make('a'), make('b'));
      recorded.markers.push(...times.map((time) => ({ time, window: of('a').includes(time) ? 'a' : 'b', kind: 'click', label: '' })));
      source.timeline = new Timeline(recorded);
      const turns = source.timeline.segments;
      for (const time of times) {
        expect(source.timeline.windowAt(time)!.id).toBe(of('a').includes(time) ? 'a' : 'b');
      }
      await playback.seek(0);
      playback.skip = false;
      playback.speed = speed;
      playback.play();
      await settle();
      screen.shown.length = 0;
      await pass(playback, 20_000);
      // No turn is stepped over.
      expect(screen.shown).toEqual(turns.slice(1).map((t) => `${t.window.id}@${t.from}`));
    }
  });

  test('a tab that the viewer chose is shown while it goes on, then the visitor is followed', async () => {
    const playback = await playing(...tabs());
    playback.skip = false;
    await playback.prefer('b', 3000);
    screen.shown.length = 0;
    await pass(playback, 8000);
    expect(screen.shown).toEqual(['a@8500']);
  });
});

describe('inactivity', () => {
  const quiet = () =>
    window('a', 0, 100_000, [
      chunk(0, 0, 5000, true, [[0, 1000]]),
      chunk(1, 5000, 90_000, false, []),
      chunk(2, 90_000, 100_000, false, [[90_000, 100_000]]),
    ]);

  test('is skipped though none of it was loaded, and what lies in it is said', async () => {
    const playback = await playing(quiet());
    recorded.markers.push(
      { time: 50_000, window: 'a', kind: 'error', label: 'x' },
      { time: 50_100, window: 'a', kind: 'error', label: 'y' },
    );
    source.timeline = new Timeline(recorded);
    await pass(playback, 2900);
    expect(screen.shown).toEqual([]);
    await pass(playback, 300);
    expect(screen.shown).toEqual(['a@89000']);
    expect(notices).toEqual(['Skipped 1:26 without activity. It holds 2 errors.']);
  });

  test('is shown when the viewer wants to see it, and said', async () => {
    const playback = await playing(quiet());
    playback.skip = false;
    await pass(playback, 50_000, 1000);
    expect([screen.shown, notices]).toEqual([[], []]);
    expect(playback.time).toBeGreaterThan(48_000);
    expect(playback.status).toBe('No activity until 1:29.');
  });

  test('dwell on a page between two is shown all the same', async () => {
    const playback = await playing(
      window('a', 0, 1000, [busy(0, 0, 1000, true)]),
      window('b', 60_000, 61_000, [busy(0, 60_000, 61_000, true)]),
    );
    playback.skip = false;
    await pass(playback, 59_000, 1000);
    expect([screen.shown, notices]).toEqual([[], []]);
    await pass(playback, 5000);
    expect([screen.shown, playback.time]).toEqual([['b@60000'], 61_000]);
  });

  test('a seek into it shows it', async () => {
    const playback = create(quiet());
    await playback.seek(50_000);
    tick(playback, 50);
    expect(screen.shown).toEqual(['a@50000']);
  });
});
