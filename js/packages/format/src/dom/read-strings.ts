import { FormatRejected } from '../reject.ts';

/** Splits a text in UTF-8 into strings of so many bytes. */
export function readStrings(bytes: Uint8Array, lengths: readonly number[]): string[] {
  const text = decode(bytes);
  const strings = new Array<string>(lengths.length);
  let at = 0;
  if (text.length === bytes.length) {
    // ASCII alone.
    for (let i = 0; i < lengths.length; i++) {
      strings[i] = text.slice(at, at += lengths[i]!);
    }
    return strings;
  }
  let from = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = at + lengths[i]!;
    let to = from;
    if ((bytes[at]! & 0xc0) === 0x80 && at < end) {
      throw new FormatRejected('D4', 'A string begins in the middle of a character.');
    }
    for (; at < end; at++) {
      // Of each character its first byte counts; one of four bytes makes two code units.
      const byte = bytes[at]!;
      to += (byte & 0xc0) === 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
    }
    strings[i] = text.slice(from, to);
    from = to;
  }
  return strings;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FormatRejected('D4', 'A string is not valid UTF-8.');
  }
}
