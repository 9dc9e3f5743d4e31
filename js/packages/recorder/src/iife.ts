import * as sessionReplay from './index.ts';
import { readScriptOptions } from './script-options.ts';

/** The one-tag build: `window.SessionReplay`, which begins by itself when the tag has a write key. */
declare global {
  interface Window {
    SessionReplay?: typeof sessionReplay;
  }
}

if (!window.SessionReplay) {
  window.SessionReplay = sessionReplay;
  const script = document.currentScript as HTMLScriptElement | null;
  const found = script && readScriptOptions(script);
  if (found) {
    sessionReplay.init(found.writeKey, found.options);
  }
}
