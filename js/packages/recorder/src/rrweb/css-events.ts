import { ADOPTED_STYLE_SHEET, INCREMENTAL, MUTATION, visitAssetSlots } from '@session-replay/format';
import { absolutifyURLs } from './css.ts';

interface SheetChange {
  type: number;
  data: {
    source?: number;
    /** Of a constructed stylesheet, by rrweb's number. */
    styleId?: number;
    /** Constructed stylesheets that a document or shadow root uses. */
    styleIds?: number[];
  };
}

/** What the addresses in constructed stylesheets are relative to: the document that uses them, which also constructed them. */
const basesOfConstructed = new Map<number, string>();

/**
 * Makes the addresses in a change of a stylesheet absolute, which rrweb leaves as the page wrote them.
 * @param node The sheet's element, or the document or shadow root's host that uses it.
 */
export function admitSheetChange(event: SheetChange, node: Node | null | undefined): void {
  const { source, styleId, styleIds } = event.data;
  if (source === ADOPTED_STYLE_SHEET) {
    styleIds?.forEach((id) => basesOfConstructed.set(id, baseOf(node)));
  }
  resolveIn(event, basesOfConstructed.get(styleId ?? -1) ?? baseOf(node));
}

/** Makes the addresses in an element's changed declarations absolute. */
export function resolveStyles(element: Element, attributes: Record<string, unknown>): void {
  resolveIn({ type: INCREMENTAL, data: { source: MUTATION, attributes: [{ id: 0, attributes }] } }, baseOf(element));
}

/** Makes the addresses in the text of a style absolute. */
export function absolutifyCss(node: Node, css: string | null): string {
  return absolutifyURLs(css, baseOf(node));
}

function resolveIn(event: object, base: string): void {
  visitAssetSlots(event, ({ kind, holder, key }) => {
    if (kind === 'css') {
      holder[key] = absolutifyURLs(holder[key] as string, base);
    }
  });
}

/** The address that those in an element's CSS are relative to. */
function baseOf(node: Node | null | undefined): string {
  return (node as { sheet?: CSSStyleSheet | null } | null | undefined)?.sheet?.href ?? node?.baseURI ?? document.baseURI;
}
