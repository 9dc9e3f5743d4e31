import '@rrweb/record';

/** What rrweb.mjs exports besides, for the parts that stand in place of rrweb's. */
declare module '@rrweb/record' {
  export function inDom(node: Node): boolean;
  export function stringifyStylesheet(sheet: CSSStyleSheet): string | null;
  export function isNativeShadowDom(root: ShadowRoot): boolean;
  export function initMutationObserver(options: object, root: Node): [observer: { disconnect: () => void }, cleanup: () => void];
}
