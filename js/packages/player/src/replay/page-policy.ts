/** What a replayed page may load: nothing but what is part of the recording. */
export const CSP = "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline'; "
  + "form-action 'none'; base-uri 'none'";
