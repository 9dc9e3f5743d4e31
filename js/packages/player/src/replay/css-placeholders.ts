/** Longer addresses are dropped. */
const MAX_ADDRESS = 2000;
/** As the recorder writes addresses, which a browser has resolved. */
const ADDRESS = /^https?:[\x21-\x7e]*$/;
const PLACEHOLDER = /data:,(https?%3A[^"'()\s]*)/g;

/** Returns what CSS names in place of an address that a replay does not fetch: an empty file, whose text is the address. */
export function placeholderOf(address: string): string {
  return ADDRESS.test(address) && address.length <= MAX_ADDRESS ? `data:,${encodeURIComponent(address)}` : 'data:,';
}

/** Replaces the placeholders whose address is known by now. */
export function fillPlaceholders(css: string, files: ReadonlyMap<string, string>): string {
  return css.replace(PLACEHOLDER, (placeholder, address: string) => files.get(decode(address)) ?? placeholder);
}

/** Returns whether CSS contains the placeholder of an address. */
export function hasPlaceholder(css: string): boolean {
  return css.includes('data:,http');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // Not made by `placeholderOf`, but part of the recording.
  }
}
