import { Replayer } from '@rrweb/replay';

/** Replays events to their end, and gives the document. */
window.replay = async (events) => {
  const root = document.body.appendChild(document.createElement('div'));
  const replayer = new Replayer(events, { root, showWarning: false, mouseTail: false });
  await new Promise((resolve) => setTimeout(resolve, 200));
  replayer.pause(events[events.length - 1].timestamp - events[0].timestamp + 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  return replayer.iframe.contentDocument;
};
