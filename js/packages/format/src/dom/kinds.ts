/** Kinds of values in a column (docs/format/v1.md, section 2.4). Those up to FALSE stand in mixed columns only. */
export const NULL = 0;
export const TRUE = 1;
export const FALSE = 2;
export const INTEGER = 3;
export const NUMBER = 4;
export const STRING = 5;
export const ARRAY = 6;
export const OBJECT = 7;
/** The kind of a column whose values say their kinds themselves. */
export const MIXED = 0;

/** The number of the key that stands for an element of an array, and of the context of the events themselves. */
export const ELEMENT = 0;
/** Bounds on columns, on shapes, and on keys that are written. */
export const MAX_ENTRIES = 131_072;
/** How deep values may nest. */
export const MAX_DEPTH = 512;

/**
 * Whether a number is written as an integer. One of twelve or more digits could be the number of a card and is written as text, except
 * times from 2001 to 2096.
 */
export function isInteger(value: number): boolean {
  return Number.isInteger(value) && ((value < 1e11 && value > -1e11 && !Object.is(value, -0)) || (value >= 1e12 && value < 4e12));
}
