/** A document or a shadow root. */
export type Root = Document | ShadowRoot;
