/** The attribute that holds the size of an element as it was laid out: width and height in CSS px, as `getComputedStyle` gives them. */
export const BOX = 'data-sr-box';
/** The attribute that says why what an element shows is not in the recording. */
export const WHY = 'data-sr-why';
/** The attribute of a `link` whose stylesheet the page may not read: its address. */
export const FOREIGN_SHEET = 'data-sr-sheet';
/** The attribute of a field whose value is masked. */
export const MASKED = 'data-sr-masked';
/** The attribute of a checkbox that was neither ticked nor not when it came into the recording. */
export const INDETERMINATE = 'data-sr-indeterminate';
/** The reason for what is private. */
export const PRIVATE = 'private';
/** The reason for an element that is left out as a whole. */
export const LEFT_OUT = 'blocked';
/** The reason for an image that the page has not loaded yet. */
export const PENDING = 'pending';
/** The reason for an image that the page did not get either. */
export const MISSING = 'missing';
/**
 * The attributes that hold an address as the page wrote it, by the attribute that has it absolute or by the name of an asset: selectors
 * match it.
 */
export const RAW: ReadonlyMap<string, string> = new Map([
  ['href', 'data-sr-raw-href'],
  ['src', 'data-sr-raw-src'],
  ['poster', 'data-sr-raw-poster'],
]);
