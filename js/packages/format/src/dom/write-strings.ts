import type { ByteWriter } from './byte-writer.ts';

const utf8 = new TextEncoder();

/** Writes the lengths of strings in UTF-8, and returns their bytes. */
export function writeStrings(strings: readonly string[], lengths: ByteWriter): Uint8Array[] {
  // One call encodes them all, unless halves of surrogate pairs would meet.
  if (strings.some(endsWithHighSurrogate)) {
    const texts = strings.map((text) => utf8.encode(text));
    texts.forEach(({ length }) => lengths.number(length));
    return texts;
  }
  const joined = strings.join('');
  const bytes = utf8.encode(joined);
  const isAscii = bytes.length === joined.length;
  for (const text of strings) {
    lengths.number(isAscii ? text.length : byteLength(text));
  }
  return [bytes];
}

function endsWithHighSurrogate(text: string): boolean {
  return (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
}

function byteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // The halves of a pair make four bytes together; one alone becomes U+FFFD.
    if (unit >= 0x800) {
      length += (unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00 ? (i++, 2) : 2;
    } else if (unit >= 0x80) {
      length++;
    }
  }
  return length;
}
