import type { Replayer } from '@rrweb/replay';

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

const ADOPTED = 15;

/**
 * Keeps the order of what happens to constructed stylesheets: at the end of a seek the replayer would change them before they are made. A
 * shadow root that gets its sheets before its first node is there when they come.
 */
export function orderConstructedSheets(replayer: Replayer): void {
  const parts = replayer as unknown as Parts;
  const adopt = parts.applyAdoptedStyleSheet.bind(replayer);
  const queue = { push: (data: SheetEvent) => parts.adoptedStyleSheets.push(data), forEach: () => undefined };
  Object.defineProperty(replayer, 'constructedStyleMutations', { get: () => queue, set: () => undefined });
  parts.applyAdoptedStyleSheet = (data) => {
    if (data.source !== ADOPTED) {
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
