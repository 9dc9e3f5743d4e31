/** Half of a surrogate pair, which UTF-8 cannot express. */
export interface LoneSurrogate {
  /** The list of strings: 0 for keys, above it a column's number plus 1. */
  list: number;
  /** The string's place in its list. */
  index: number;
  /** The place within the string, in UTF-16 code units. */
  at: number;
  unit: number;
}

const SURROGATE = /[\uD800-\uDFFF]/;
const LONE = /[\uD800-\uDFFF]/gu;

/** Finds what becomes U+FFFD when the strings are encoded. */
export function findLoneSurrogates(strings: readonly string[], list: number): LoneSurrogate[] {
  const found: LoneSurrogate[] = [];
  strings.forEach((text, index) => {
    // One at the end of a string could pair with the next string's first, so each string is looked at by itself.
    if (SURROGATE.test(text)) {
      for (const { index: at, 0: unit } of text.matchAll(LONE)) {
        found.push({ list, index, at, unit: unit.charCodeAt(0) });
      }
    }
  });
  return found;
}

/** Puts a lone surrogate back, unless the sanitizer has replaced what stood there. */
export function putBack(text: string, { at, unit }: LoneSurrogate): string {
  return text[at] === '\uFFFD' ? text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1) : text;
}
