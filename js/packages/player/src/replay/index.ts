import replayCss from '@rrweb/replay/dist/style.css';
import { GREETING, VERSION, readOrder } from '../stage/protocol.ts';
import { FrameLoader } from './frame.ts';
import { Replay } from './replay.ts';

const STYLES = `
  html, body { margin: 0; height: 100%; overflow: hidden; }
  iframe { border: 0; display: block; }
  .replayer-mouse:not([style*=left]) { display: none; }
  .replayer-mouse { background-image: none; }
  .replayer-mouse:not(.touch-device)::before {
    content: ''; position: absolute; inset: 0; background: #000;
    clip-path: polygon(0 0, 90% 33%, 66% 57%, 96% 86%, 86% 96%, 57% 66%, 33% 90%);
  }
`;

/**
 * The page in which recorded pages are replayed. It asks nobody for anything: what it shows comes from the page around it, over a channel.
 */
function begin(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(replayCss + STYLES);
  document.adoptedStyleSheets.push(sheet);
  const connect = ({ source, data, ports }: MessageEvent<unknown>): void => {
    const [port] = ports;
    if (source !== parent || data !== GREETING || !port) {
      return;
    }
    removeEventListener('message', connect);
    const replay = new Replay(new FrameLoader(document.body, 'replay-frame'), (answer) => port.postMessage(answer));
    port.onmessage = (event: MessageEvent<unknown>) => {
      const order = readOrder(event.data);
      if (order) {
        replay.take(order);
      }
    };
  };
  addEventListener('message', connect);
  // The framing page may be of any origin; the words are not a secret.
  parent.postMessage({ [GREETING]: VERSION }, '*');
}

if (parent !== window) {
  begin();
}
