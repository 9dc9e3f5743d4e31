import { describe, expect, test } from 'vitest';
import { formFilters, readFilters, searchQuery } from '../src/components/session-filters.ts';
import { formatRelative } from '../src/data/format.ts';

const form = (values: Record<string, string>): FormData => {
  const data = new FormData();
  Object.entries(values).forEach(([name, value]) => data.set(name, value));
  return data;
};

describe('filters', () => {
  test('a form becomes an address, and the address the same filters again', () => {
    const filters = formFilters(
      form({
        user: ' ada@example.com ', url: '/cart', hasError: 'on', from: '2026-11-24T10:00', to: '', last: '', minDuration: '30', event: '',
        device: 'mobile',
      }),
    );
    expect(filters).toEqual({
      user: 'ada@example.com', url: '/cart', hasError: 'true', from: String(new Date('2026-11-24T10:00').getTime()), minDuration: '30000',
      device: 'mobile',
    });
    expect(readFilters(`?${new URLSearchParams(filters)}`)).toEqual(filters);
  });

  test('an address may hold other things; they are no filters', () =>
    expect(readFilters('?user=a&cursor=x&utm=1&hasError=')).toEqual({ user: 'a' }));

  test('a span up to now is a time when it is searched, and stays a span in a shared address', () => {
    const filters = formFilters(form({ last: '24h', from: '2026-11-24T10:00' }));
    expect(filters).toEqual({ last: '24h' });
    expect(Object.fromEntries(searchQuery(filters, 1_000_000_030_000))).toEqual({
      from: String(Math.floor((1_000_000_030_000 - 86_400_000) / 60_000) * 60_000),
    });
    expect(Object.fromEntries(searchQuery({ last: 'unheard of', user: 'a' }, 0))).toEqual({ user: 'a' });
  });

  test.each(['', '0', '-3', 'abc'])('a minimum duration of "%s" is none', (text) =>
    expect(formFilters(form({ minDuration: text }))).toEqual({}),
  );
});

test.each([
  [0, 'now'], [59_000, 'now'], [60_000, '1 minute ago'], [3_599_000, '59 minutes ago'], [7_200_000, '2 hours ago'],
  [86_400_000, 'yesterday'], [6 * 86_400_000, '6 days ago'],
])('%d ms ago is "%s"', (ago, text) => expect(formatRelative(1_800_000_000_000 - ago, 1_800_000_000_000)).toBe(text));

test('what is longer ago is shown by its date', () => expect(formatRelative(1_700_000_000_000, 1_800_000_000_000)).toContain('2023'));
