import type { Node } from './node-shape.ts';

const MAX_TRACKS = 50;
/** What browsers leave between frames, in px. */
const BORDER = 6;

/** Shows a frameset as a grid of frames: the replay's document has a body, and a frameset stands in its place. */
export function showFrameset(node: Node, isNested: boolean): void {
  const { cols, rows, border, frameborder, id } = node.attributes!;
  const gap = String(border ?? frameborder ?? BORDER) === '0' || frameborder === 'no' ? 0 : BORDER;
  const place = isNested ? 'min-width:0;min-height:0' : 'height:100vh';
  node.tagName = 'div';
  node.attributes = {
    ...(id === undefined ? {} : { id }),
    style: `${place};display:grid;gap:${gap}px;background:#ddd;grid-template:${tracks(rows)}/${tracks(cols)}`,
  };
  node.childNodes = node.childNodes!.filter((child) => child.tagName === 'frame' || child.tagName === 'frameset');
}

/** Shows a frame of a frameset. */
export function showFrame(node: Node): void {
  const { id, name, src } = node.attributes!;
  node.tagName = 'iframe';
  node.attributes = Object.fromEntries(
    Object.entries({
      id,
      name,
      src,
      'data-sr-src': node.attributes!['data-sr-src'],
      style: 'border:0;width:100%;height:100%;display:block;background:#fff;min-width:0;min-height:0',
    }).filter(([, value]) => value !== undefined),
  );
}

/** Lengths as framesets have them: pixels, percentages, and shares of what is left. */
function tracks(list: unknown): string {
  const lengths = String(list ?? '100%').split(',', MAX_TRACKS).map((text) => text.trim());
  const hasPixels = lengths.some((length) => /^\d/.test(length) && !length.endsWith('%'));
  const shares = lengths.filter((length) => length.endsWith('*')).reduce((sum, length) => sum + (parseFloat(length) || 1), 0);
  const taken = lengths.filter((length) => length.endsWith('%')).reduce((sum, length) => sum + (parseFloat(length) || 0), 0);
  return lengths.map((length) => {
    const value = Math.min(Math.max(parseFloat(length) || 0, 0), 20_000);
    if (length.endsWith('*')) {
      // Beside percentages alone, what is left is the rest of a hundred.
      return share(hasPixels ? value || 1 : ((value || 1) * Math.max(1, 100 - taken)) / shares);
    }
    return !length.endsWith('%') ? `${value}px` : hasPixels && shares > 0 ? `${value}%` : share(value);
  }).join(' ');
}

function share(value: number): string {
  return `minmax(0,${value}fr)`;
}
