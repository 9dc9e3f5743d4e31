/**
 * Characters that show nothing themselves and change what stands beside them: marks and controls of direction, other controls, zero-width
 * ones.
 */
const HIDDEN =
  // long line: a class of characters is one expression.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** What is parsed or followed as it is: only made visible, not isolated. */
const MACHINE = new Set(['url', 'entryUrl', 'id', 'window', 'tenant', 'nextCursor', 'view']);

/** Makes a text of a page safe to stand beside other text: what is hidden in it is shown by its number, and its direction ends with it. */
export function shownText(text: string, isolate = true): string {
  const visible = text.replace(HIDDEN, (char) => `[U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`);
  return isolate && RIGHT_TO_LEFT.test(visible) ? `\u2068${visible}\u2069` : visible;
}

/** Does so with all texts of an answer of the API, in place: no component can forget it. */
export function shownAnswer<T>(answer: T): T {
  const open: unknown[] = [answer];
  while (open.length > 0) {
    const holder = open.pop() as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      const value = holder[key];
      if (typeof value === 'string' && key !== 'traitsJson') {
        holder[key] = shownText(value, !MACHINE.has(key));
      } else if (typeof value === 'object' && value !== null) {
        open.push(value);
      }
    }
  }
  return answer;
}
