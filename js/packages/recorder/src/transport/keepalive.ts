/** What browsers send also when the page goes, in bytes. */
export const KEEPALIVE_BYTES = 60_000;
