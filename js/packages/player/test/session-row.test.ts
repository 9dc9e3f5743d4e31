import type { TemplateResult } from 'lit';
import { expect, test } from 'vitest';
import { sessionRow } from '../src/components/session-row.ts';
import type { Session } from '../src/data/types.ts';
import { session } from './support/recordings.ts';

/** The texts of a template and of those within it. */
const text = (template: TemplateResult): string =>
  template.strings.join(' ')
  + template.values
    .map((value) => (typeof value === 'object' && value !== null && 'strings' in value ? text(value as TemplateResult) : String(value)))
    .join(' ');
const row = (overrides: Partial<Session>) =>
  text(sessionRow(session(overrides), '/player/{tenant}/{id}', 1_800_000_000_000, () => undefined));

test.each<Partial<Session>>([
  { startedAt: 2 ** 53 - 1 },
  { startedAt: NaN },
  { startedAt: -(2 ** 53) },
  { customEvents: null as unknown as string[] },
  { problem: 'It is damaged.' },
])('a row that cannot be shown says so: %o', (overrides) => {
  expect(row(overrides)).toContain('Cannot be shown');
});

test('any other row is shown', () => expect(row({ startedAt: 1_799_999_000_000 })).not.toContain('Cannot be shown'));

test.each([{}, { problem: 'row-damaged' }])('a row leads to the session of its tenant: %o', (overrides) =>
  expect(row({ ...overrides, tenant: 'acme', id: '0a' })).toContain('/player/acme/0a'));

test('what the server says of a damaged row is said in words', () => {
  expect(row({ problem: 'row-damaged' })).toContain('was changed');
  expect(row({ problem: 'facts-damaged' })).toContain('ask whoever runs this application');
});
