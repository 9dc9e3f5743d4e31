const MAX_DEPTH = 4;
const MAX_ENTRIES = 50;

/** Cuts a text to a length in characters and says that it did. */
export function cut(value: unknown, length: number): string {
  // A page can put anything in the place of a text, such as an error's message.
  const text = typeof value === 'string' ? value : String(value ?? '');
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`;
}

/** Turns any value into text: objects as JSON, bounded in depth, entries and length. */
export function toText(value: unknown, length = 2000): string {
  if (typeof value === 'string') {
    return cut(value, length);
  }
  if (value instanceof Error) {
    return cut(`${value.name}: ${value.message}`, length);
  }
  if (typeof value === 'object' && value !== null) {
    try {
      const read = plain(value, 0, new Set());
      return cut(typeof read === 'string' ? read : (JSON.stringify(read) ?? String(value)), length);
    } catch {
      return Object.prototype.toString.call(value);
    }
  }
  return cut(String(value), length);
}

function plain(value: unknown, depth: number, seen: Set<object>): unknown {
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') {
    return String(value).slice(0, 200);
  }
  if (typeof value === 'string') {
    return cut(value, 1000);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (typeof Node !== 'undefined' && value instanceof Node) {
    return `<${value.nodeName.toLowerCase()}>`;
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  }
  if (ArrayBuffer.isView(value)) {
    // Without its elements: there may be millions.
    return `${Object.prototype.toString.call(value).slice(8, -1)}(${value.byteLength} bytes)`;
  }
  if (seen.has(value)) {
    return '[circular]';
  }
  if (depth >= MAX_DEPTH) {
    return Array.isArray(value) ? '[…]' : '{…}';
  }
  seen.add(value);
  const result = Array.isArray(value)
    ? value.slice(0, MAX_ENTRIES).map((item) => plain(item, depth + 1, seen))
    : Object.fromEntries(entries(value).map(([name, item]) => [name, plain(item, depth + 1, seen)]));
  seen.delete(value);
  return result;
}

/** Reads no getter: it is code of the page, which may do something or fail. */
function entries(value: object): [string, unknown][] {
  return Object.keys(value).slice(0, MAX_ENTRIES).map((name) => {
    const property = Object.getOwnPropertyDescriptor(value, name);
    return [name, property?.get ? '(…)' : property?.value];
  });
}
