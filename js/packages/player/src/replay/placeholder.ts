import { LEFT_OUT, PENDING, PRIVATE, WHY } from '@session-replay/format';

/** How every placeholder begins: by it one is known from an image that was recorded. */
const PREFIX = 'data:image/svg+xml,%3Csvg%20class%3D%22sr-placeholder%22';
/** Smaller boxes have no room for words. */
const MIN_WIDTH = 60;
const MIN_HEIGHT = 18;

const NAMES: ReadonlyMap<string, string> = new Map([
  ['img', 'Image'], ['input', 'Image'], ['image', 'Image'], ['canvas', 'Canvas'], ['video', 'Video'], ['iframe', 'Frame'],
  ['object', 'Embedded content'],
]);
/** Why what an element shows is not in the recording, by the recorder's word for it. */
const REASONS: ReadonlyMap<string, string> = new Map([
  [PENDING, 'not loaded'], ['foreign', 'of another site'], ['large', 'larger than the recorder keeps'],
  ['quota', 'more than the recorder keeps of a page'],
  ['uncached', 'not given by the browser'], ['type', 'of a type that is not kept'],
]);

/** Says whether an address is one of a placeholder. */
export function isPlaceholder(address: string): boolean {
  return address.startsWith(PREFIX);
}

/** Makes an image that says what an element was and why it is not shown, as an address. */
export function placeholderFor(element: Element, width: number, height: number): string {
  const hasRoom = width >= MIN_WIDTH && height >= MIN_HEIGHT;
  const text = hasRoom
    ? `<text x="6" y="14" font-family="sans-serif" font-size="11" fill="#495057">${escape(describe(element))}</text>`
    : '';
  const svg =
    ` xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#e9ecef"/>`
    + `<path d="M0 0L${width} ${height}M${width} 0L0 ${height}" stroke="#ced4da"/>${text}</svg>`;
  return PREFIX + encodeURIComponent(svg);
}

function describe(element: Element): string {
  const tag = element.localName;
  const why = element.getAttribute(WHY) ?? '';
  const reason = REASONS.get(why) ?? '';
  const address = ['data-sr-src', 'data-sr-data', 'data-sr-href', 'data-sr-xlink-href']
    .map((name) => element.getAttribute(name))
    .find(Boolean);
  const host = address && URL.canParse(address) ? new URL(address).host : '';
  if (why === PRIVATE || why === LEFT_OUT) {
    return 'Not shown: private';
  }
  const what = NAMES.get(tag) ?? 'Element';
  return [`${what} not recorded`, [reason, host].filter(Boolean).join(', ')].filter(Boolean).join(': ').slice(0, 120);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
