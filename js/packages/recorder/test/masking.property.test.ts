import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mask, maskText } from '../src/masking.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.lorem(), fc.emailAddress(),
  fc.array(fc.nat({ max: 9999 }), { maxLength: 6 }).map((groups) => groups.join(' ')),
);

test('a masked value has no character of its own, and its length up to 32', () => {
  fc.assert(fc.property(text, (value) => {
    expect(mask(value)).toMatch(/^\**$/);
    expect(mask(value)).toHaveLength(Math.min(32, value.length));
  }), { numRuns: 1000 });
});

test('a masked text has no letter, digit or sign of its own, and breaks where it did', () => {
  fc.assert(fc.property(text, (value) => {
    const masked = maskText(value);
    expect(masked).toHaveLength(value.length);
    expect(masked).not.toMatch(/[^\s*]/);
    expect(masked.replace(/\*/g, 'x').split(/\s/).map((word) => word.length)).toEqual(value.split(/\s/).map((word) => word.length));
    expect(maskText(masked)).toBe(masked);
  }), { numRuns: 1000 });
});
