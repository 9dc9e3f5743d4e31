import { describe, expect, test } from 'vitest';
import { SHORTCUTS, shortcutFor, type Keyable, type KeyTarget } from '../src/playback/keyboard.ts';

const stage: KeyTarget = { isForPlayer: true, takesText: false, takesSpace: false };
const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, defaultPrevented: false };

function press(key: string, more: Partial<typeof none> = {}, target: Partial<KeyTarget> = {}): string[] {
  const done: string[] = [];
  const player = new Proxy({ currentTime: 60_000, duration: 600_000 } as Keyable, {
    get: (real, name) =>
      name in real ? real[name as keyof Keyable] : (...args: unknown[]) => done.push([String(name), ...args].join(' ')),
  });
  const event = { key, ...none, ...more };
  shortcutFor(event, { ...stage, ...target })?.run(player, event);
  return done;
}

describe('keyboard', () => {
  test.each([
    [' ', 'toggle'], ['k', 'toggle'], ['K', 'toggle'], ['ArrowLeft', 'seek 55000'], ['ArrowRight', 'seek 65000'], ['j', 'seek 50000'],
    ['l', 'seek 70000'], ['Home', 'seek 0'], ['End', 'seek 600000'], ['0', 'seek 0'], ['7', 'seek 420000'], [',', 'changeSpeed -1'],
    ['.', 'changeSpeed 1'], ['<', 'changeSpeed -1'], ['>', 'changeSpeed 1'], ['i', 'toggleSkip'], ['f', 'toggleFullscreen'],
    ['n', 'toMarker 1'], ['p', 'toMarker -1'], ['/', 'focusSearch'], ['?', 'showHelp'], ['Escape', 'closeDetails'],
  ])('%s: %s', (key, expected) => expect(press(key)).toEqual([expected]));

  test('shift makes steps longer', () => {
    expect(press('ArrowLeft', { shiftKey: true })).toEqual(['seek 30000']);
    expect(press('ArrowRight', { shiftKey: true })).toEqual(['seek 90000']);
  });

  test.each([
    ['typed into a field', 'k', {}, { takesText: true }],
    ['space on a button presses it', ' ', {}, { takesSpace: true }],
    ['pressed elsewhere in the page', 'f', {}, { isForPlayer: false }],
    ['a shortcut of the browser', 'f', { ctrlKey: true }, {}],
    ['a shortcut of the system', 'l', { metaKey: true }, {}],
    ['taken by the list already', 'ArrowDown', { defaultPrevented: true }, {}],
    ['no shortcut', 'q', {}, {}],
  ])('does nothing: %s', (_, key, more, target) => expect(press(key, more, target)).toEqual([]));

  test('a button other keys work on', () => expect(press('k', {}, { takesSpace: true })).toEqual(['toggle']));

  test('no key means two things, and each is explained', () => {
    const keys = SHORTCUTS.flatMap((s) => s.keys);
    expect(new Set(keys).size).toBe(keys.length);
    SHORTCUTS.forEach((s) => expect([s.what.length > 0, s.label.length > 0]).toEqual([true, true]));
  });
});
