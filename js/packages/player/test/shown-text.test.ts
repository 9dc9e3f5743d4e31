import { describe, expect, test } from 'vitest';
import { shownAnswer, shownText } from '../src/data/shown-text.ts';
import { eventDetails } from '../src/events/event-details.ts';
import { eventRows } from '../src/events/event-rows.ts';

const CONTROLS = [
  0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x061c, 0, 7, 0x1b, 0x85, 0x200b, 0x2028, 0xfeff,
  0xe0001,
];

describe('texts of a page', () => {
  test.each(CONTROLS)('show what is hidden in them: U+%s', (code) => {
    const text = `ann${String.fromCodePoint(code)}gnp.exe`;
    const shown = shownText(text);
    expect(shown).toMatch(/^ann\[U\+[0-9A-F]{4,5}\]gnp\.exe$/);
    const { session, markers } = shownAnswer({
      session: { id: 'x', user: { name: text, email: text }, customEvents: [text], entryUrl: text },
      markers: [{ label: text, kind: 'click' }],
    });
    expect([session.user.name, session.user.email, session.customEvents[0], session.entryUrl, markers[0]!.label]).toEqual(
      Array(5).fill(shown),
    );
    const custom = { time: 1, custom: { name: text, properties_json: text } };
    const [row] = eventRows({ window: 'a', seq: 0, other: [custom] }, []);
    expect([row!.title, row!.detail]).toEqual([shown, shown]);
    expect(JSON.stringify(eventDetails(custom))).not.toContain(String.fromCodePoint(code));
  });

  test.each(['שלום', 'مرحبا', 'a שלום (1)'])('that run from right to left end where they end: %s', (text) => {
    expect(shownText(text)).toBe(`\u2068${text}\u2069`);
    expect(shownText(text, false)).toBe(text);
  });

  test.each(['Ann', 'Ünïcödé 漢字 🎉', 'two\nlines\tand a tab', ''])('of any other kind stay as they are: %j', (text) =>
    expect(shownText(text)).toBe(text),
  );

  test('that are parsed later stay what they are', () => {
    const answer = { user: { traitsJson: '{"a":"שלום"}' }, url: 'https://x/שלום', numbers: [[1, 2]], nothing: null };
    expect(shownAnswer(structuredClone(answer))).toEqual(answer);
  });
});
