import { Replayer } from '@rrweb/replay';
import { CUSTOM } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { orderConstructedSheets } from './constructed-sheets.ts';
import { rootOf, type ReplayFrame } from './frame.ts';
import type { PageState } from './page-state.ts';

/** What the replayer does with an event, and what it does at the end of a seek with what it had left for then. */
const STEPS = [
  'play', 'pause', 'applyIncremental', 'rebuildFullSnapshot', 'applyStyleSheetMutation', 'applyAdoptedStyleSheet', 'applySelection',
  'applyInput', 'applyScroll', 'moveAndHover',
] as const;

/** Where no script runs, a browser shows the controls of every video. */
const NO_CONTROLS = 'video:not([controls])::-webkit-media-controls { display: none !important }';

/**
 * Makes a replayer in a frame that runs no script and, by its policy, fetches nothing.
 * @param extend Adds to what the replayer does. An error in it is contained as one of the replayer is.
 */
export function createReplayer(
  place: ReplayFrame,
  events: DomEvent[],
  speed: number,
  state: PageState,
  extend: (replayer: Replayer) => void,
): Replayer {
  const isCalm = isMotionReduced();
  const { frame } = place;
  // The page of before stays in sight until this one is built.
  const { display } = frame.style;
  const replayer = new Replayer(
    // The replayer wants two events at least.
    events.length > 1 ? events : [...events, { ...events[0]!, type: CUSTOM, data: { tag: 'end', payload: {} } }],
    {
      root: rootOf(place),
      speed,
      skipInactive: false,
      showWarning: false,
      showDebug: false,
      mouseTail: isCalm ? false : { strokeStyle: '#e2574c', lineWidth: 2, duration: 500 },
      triggerFocus: false,
      UNSAFE_replayCanvas: false,
      // Done by Motion, in frames too and not by a style of the page's own.
      pauseAnimation: false,
      insertStyleRules: [NO_CONTROLS],
      plugins: [state],
    },
  );
  frame.style.display = display;
  frame.contentDocument!.adoptedStyleSheets = [];
  orderConstructedSheets(replayer);
  extend(replayer);
  STEPS.forEach((step) => contain(replayer, step));
  state.onDocument(replayer.iframe.contentDocument);
  return replayer;
}

/** Returns whether the viewer prefers less motion. */
export function isMotionReduced(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** An event of a form that nobody foresaw is left out, and what comes after it is shown: the replayer itself would end there. */
function contain(replayer: Replayer, step: (typeof STEPS)[number]): void {
  const steps = replayer as unknown as Record<string, (...args: unknown[]) => unknown>;
  const own = steps[step]!.bind(replayer);
  steps[step] = (...args) => keepFocus(replayer.iframe, () => {
    try {
      return own(...args);
    } catch (error) {
      console.warn('An event of the recording could not be replayed.', error);
      return undefined;
    }
  });
}

/** A dialog that opens in the recording takes the focus, and with it the viewer's keys: gives it back. */
export function keepFocus<T>(frame: HTMLIFrameElement, run: () => T): T {
  const focused = activeElement();
  try {
    return run();
  } finally {
    if (focused !== frame && activeElement() === frame) {
      frame.blur();
      focused?.focus({ preventScroll: true });
    }
  }
}

function activeElement(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) {
    element = element.shadowRoot.activeElement;
  }
  return element as HTMLElement | null;
}
