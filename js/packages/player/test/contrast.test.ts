import { describe, expect, test } from 'vitest';
import { theme } from '../src/components/theme.ts';

/** Reads the colours of the two looks out of the theme. */
const [light, dark] = theme.cssText
  .split('prefers-color-scheme')
  .map((part) => new Map([...part.matchAll(/--_([\w-]+): var\(--sr-[\w-]+, (#\w{6})\)/g)].map((m) => [m[1]!, m[2]!])));

const channels = (color: string): number[] => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255);
const luminance = (color: number[]): number => {
  const [r, g, b] = color.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
};
/** WCAG 2.2, contrast ratio. */
const contrast = (a: number[], b: number[]): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
};
const mix = (a: number[], b: number[], share: number): number[] => a.map((c, i) => c * share + b[i]! * (1 - share));

describe.each([['light', light!], ['dark', dark!]])('%s', (_, colors) => {
  const color = (name: string): number[] => channels(colors.get(name)!);

  test.each([
    ...['bg', 'surface', 'raised'].flatMap((ground) =>
      ['text', 'muted', 'accent', 'bad', 'warn', 'good'].map((ink): [string, string] => [ink, ground]),
    ),
    ['on-accent', 'accent'],
    ['surface', 'text'],
  ] as [string, string][])('%s on %s can be read: 4.5 to 1 at least', (ink, ground) =>
    expect(contrast(color(ink), color(ground))).toBeGreaterThanOrEqual(4.5),
  );

  test.each(['bad', 'warn', 'good'])('a badge that is %s can be read', (ink) =>
    expect(contrast(color(ink), mix(color(ink), color('surface'), 0.12))).toBeGreaterThanOrEqual(4.5));

  test.each(['accent', 'warn', 'bad'])('%s on the timeline is seen: 3 to 1 at least', (ink) =>
    expect(contrast(color(ink), color('line'))).toBeGreaterThanOrEqual(3),
  );
});
