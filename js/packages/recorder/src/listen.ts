import { takeListen } from './natives.ts';

/** Listens to events of a target, as the browser does it; gives what ends it. zone.js would run each listener as the application's. */
export const listen = /* @__PURE__ */ takeListen();
