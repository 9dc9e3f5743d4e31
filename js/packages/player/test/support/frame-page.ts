/** The document in which the player builds a page, as the server sends it (ReplayFrame.cs). */
export const FRAME_PAGE = '<!doctype html><html><head><meta name="session-replay-frame"></head><body></body></html>';

/** The policy that the server gives it. */
export const FRAME_POLICY = "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; "
  + "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin";
