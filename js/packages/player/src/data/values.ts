/** The longest side of a page, in px. Browsers cannot draw longer ones. */
export const MAX_SIDE = 20_000;
