import '@rrweb/record';

/** What rrweb.mjs exports besides, for the parts that stand in place of rrweb's. */
declare module '@rrweb/record' {
  export function absoluteToDoc(document: Document, address: string): string;
  export function extractFileExtension(path: string): string | null;
  export function genId(): number;
  export function getAbsoluteSrcsetString(document: Document, sources: string): string;
  export function getValidTagName(element: Element): string;
  export function ignoreAttribute(tagName: string, name: string): boolean;
  export function isNativeShadowDom(root: ShadowRoot): boolean;
  export function markCssSplits(css: string, style: HTMLStyleElement): string;
  export function onceIframeLoaded(frame: HTMLIFrameElement, listener: () => void, timeout: number): void;
  export function onceStylesheetLoaded(link: HTMLLinkElement, listener: () => void, timeout: number): void;
  export function stringifyStylesheet(sheet: CSSStyleSheet): string | null;
}
