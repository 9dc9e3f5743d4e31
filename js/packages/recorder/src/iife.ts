import { current, init, isOptedOut, version } from './index.ts';
import { readScriptOptions } from './script-options.ts';

/** The one-tag build: `window.SessionReplay`, which begins by itself when the tag has a write key. */
declare global {
  interface Window {
    SessionReplay?: typeof import('./index.ts');
  }
}

if (!window.SessionReplay) {
  window.SessionReplay = { current, init, isOptedOut, version };
  const script = document.currentScript as HTMLScriptElement | null;
  const found = script && readScriptOptions(script);
  if (found) {
    init(found.writeKey, found.options);
  }
}
