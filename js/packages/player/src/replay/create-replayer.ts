import { Replayer } from '@rrweb/replay';
import type { DomEvent } from '../data/chunk-loader.ts';
import { CSP } from './sanitize-event.ts';

/** Makes a replayer in a frame that runs no script and, by its policy, fetches nothing. */
export function createReplayer(root: HTMLElement, events: DomEvent[], speed: number): Replayer {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const replayer = new Replayer(
    // The replayer wants two events at least.
    events.length > 1 ? events : [...events, { ...events[0]!, type: 5, data: { tag: 'end', payload: {} } }],
    {
      root,
      speed,
      skipInactive: false,
      showWarning: false,
      showDebug: false,
      mouseTail: isCalm ? false : { strokeStyle: '#e2574c', lineWidth: 2, duration: 500 },
      triggerFocus: false,
      UNSAFE_replayCanvas: false,
      pauseAnimation: true,
    },
  );
  replayer.iframe.setAttribute('sandbox', 'allow-same-origin');
  holdPolicy(replayer.iframe.contentDocument);
  replayer.iframe.setAttribute('title', 'The recorded page');
  replayer.iframe.setAttribute('tabindex', '-1');
  return replayer;
}

/** Puts the frame under the policy before anything of a recording is in it; a document keeps its policy when the replayer writes it anew. */
function holdPolicy(document: Document | null): void {
  const policy = document?.createElement('meta');
  if (document && policy) {
    policy.httpEquiv = 'content-security-policy';
    policy.content = CSP;
    document.head.append(policy);
  }
}
