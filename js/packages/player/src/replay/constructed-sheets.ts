import type { Replayer } from '@rrweb/replay';
import { ADOPTED_STYLE_SHEET } from '@session-replay/format';

interface SheetEvent {
  source: number;
  id?: number;
}

/** The parts of the replayer that deal with constructed stylesheets. */
interface Parts {
  adoptedStyleSheets: SheetEvent[];
  applyAdoptedStyleSheet: (data: SheetEvent) => void;
  applyStyleSheetMutation: (data: SheetEvent) => void;
}

/**
 * Keeps the order of what happens to constructed stylesheets: at the end of a seek the replayer would change them before they are made. A
 * shadow root that gets its sheets before its first node is there when they come. A page that is built again begins without the sheets of
 * the page before.
 */
export function orderConstructedSheets(replayer: Replayer): void {
  replayer.on('fullsnapshot-rebuilded', () => {
    if (replayer.iframe.contentDocument) {
      replayer.iframe.contentDocument.adoptedStyleSheets = [];
    }
  });
  const parts = replayer as unknown as Parts;
  const adopt = parts.applyAdoptedStyleSheet.bind(replayer);
  const queue = { push: (data: SheetEvent) => parts.adoptedStyleSheets.push(data), forEach: () => undefined };
  Object.defineProperty(replayer, 'constructedStyleMutations', { get: () => queue, set: () => undefined });
  parts.applyAdoptedStyleSheet = (data) => {
    if (data.source !== ADOPTED_STYLE_SHEET) {
      parts.applyStyleSheetMutation(data);
      return;
    }
    const host = replayer.getMirror().getNode(data.id ?? -1);
    if (host?.nodeType === 1 && !(host as Element).shadowRoot) {
      (host as Element).attachShadow({ mode: 'open' });
    }
    adopt(data);
  };
}
