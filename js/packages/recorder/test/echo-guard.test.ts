import { describe, expect, test } from 'vitest';
import { EchoGuard } from '../src/echo-guard.ts';

const nowhere = (): boolean => false;
const hidden = (guard: EchoGuard, text: string, key = 'textContent'): string => {
  const holder = { [key]: text };
  guard.hide(holder);
  return holder[key]!;
};

describe('what is typed into secret fields', () => {
  test('is hidden with all its beginnings of three and more characters', () => {
    const guard = new EchoGuard();
    guard.learn('Qx7!zuV9', nowhere);
    expect(['Q', 'Qx', 'Qx7', 'Qx7!', 'T Qx7!z', '?q=Qx7!zuV9'].map((text) => hidden(guard, text))).toEqual([
      'Q', 'Qx', '***', '****', 'T *****', '?q=********',
    ]);
  });

  test.each([
    ['space and "quotes"', (text: string) => `https://x/?q=${text}`, (text: string) => new URL(`https://x/?q=${text}`).href],
    ['é$&=+', (text: string) => text, (text: string) => `#${encodeURIComponent(text)}`],
    ['a/b?c%', (text: string) => text, (text: string) => new URLSearchParams({ q: text }).toString()],
  ])('in addresses: %s', (value, before, after) => {
    const guard = new EchoGuard();
    guard.learn(value, nowhere);
    expect(hidden(guard, before(value))).not.toContain(value);
    expect(hidden(guard, after(value))).toMatch(/\*{5,}/);
  });

  test('a beginning is looked for where it stands alone, and not in words, styles or what stood in the page', () => {
    const guard = new EchoGuard();
    guard.learn('car-park-5', (text) => text === 'car-p');
    expect(hidden(guard, 'card carousel scar')).toBe('card carousel scar');
    expect(hidden(guard, 'a car')).toBe('a ***');
    expect(hidden(guard, '.car{top:0}', '_cssText')).toBe('.car{top:0}');
    expect(hidden(guard, 'a car-p')).toBe('a ***-p');
    expect(hidden(guard, 'a car-park-5')).toBe(`a ${'*'.repeat(10)}`);
  });

  test('a long text that is typed letter by letter takes bounded memory and time', () => {
    const guard = new EchoGuard();
    let text = '';
    for (let i = 0; i < 3000; i++) {
      text += String.fromCharCode(97 + (i * 7) % 26);
      guard.learn(text, nowhere);
    }
    let kept = 0;
    guard.each((value) => (kept += value.length));
    expect(kept).toBeLessThanOrEqual(16_384);
    expect(hidden(guard, `x ${text} y`)).not.toContain(text.slice(0, 40));
  });
});
