import { record } from '@rrweb/record';
import { ADOPTED_STYLE_SHEET, INCREMENTAL, MUTATION, STYLE_SOURCES, TEXT_NODE, visitAssetSlots } from '@session-replay/format';
import { absolutifyURLs } from './css.ts';

interface Change {
  source: number;
  id?: number;
  /** Of a constructed stylesheet, by rrweb's number. */
  styleId?: number;
  /** Constructed stylesheets that a document or shadow root uses. */
  styleIds?: number[];
  adds?: { parentId: number; node: { type: number; isStyle?: boolean; textContent?: string } }[];
  texts?: { id: number; value: string; isStyle?: boolean }[];
  attributes?: { id: number; attributes: { style?: unknown } }[];
}

/** What the addresses in constructed stylesheets are relative to: the document that uses them, which also constructed them. */
const basesOfConstructed = new Map<number, string>();

/** Makes the addresses in changes of styles absolute, which rrweb leaves as the page wrote them, and marks texts that are CSS. */
export function admitCss(event: { type: number; data: object }): void {
  const data = event.data as Change;
  if (event.type !== INCREMENTAL) {
    return;
  }
  if (STYLE_SOURCES.has(data.source)) {
    if (data.source === ADOPTED_STYLE_SHEET) {
      data.styleIds?.forEach((styleId) => basesOfConstructed.set(styleId, baseOf(data.id)));
    }
    resolveIn(event, basesOfConstructed.get(data.styleId ?? -1) ?? baseOf(data.id));
  } else if (data.source === MUTATION) {
    data.adds?.filter(({ node, parentId }) => node.type === TEXT_NODE && isStyle(parentId)).forEach(({ node }) => (node.isStyle = true));
    for (const text of data.texts?.filter(({ id }) => record.mirror.getNode(id)?.parentNode?.nodeName.toLowerCase() === 'style') ?? []) {
      text.isStyle = true;
      text.value = absolutifyURLs(text.value, baseOf(text.id));
    }
    for (const change of data.attributes?.filter(({ attributes }) => typeof attributes.style === 'object') ?? []) {
      resolveIn({ type: INCREMENTAL, data: { source: MUTATION, attributes: [change] } }, baseOf(change.id));
    }
  }
}

function resolveIn(event: object, base: string): void {
  visitAssetSlots(event, ({ kind, holder, key }) => {
    if (kind === 'css') {
      holder[key] = absolutifyURLs(holder[key] as string, base);
    }
  });
}

/** The address that those in an element's CSS are relative to. */
function baseOf(id: number | undefined): string {
  const node = record.mirror.getNode(id ?? -1);
  return (node as { sheet?: CSSStyleSheet | null } | null)?.sheet?.href ?? node?.baseURI ?? document.baseURI;
}

function isStyle(id: number): boolean {
  return record.mirror.getNode(id)?.nodeName.toLowerCase() === 'style';
}
