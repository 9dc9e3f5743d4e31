import { SessionReplayClient } from './client.ts';
import { hasOptedOut } from './session/opt-out.ts';
import type { RecorderOptions } from './options.ts';
import { VERSION } from './version.ts';

export type { Failure } from './failures.ts';
export type { RecorderOptions, UserTraits } from './options.ts';
export type { SessionReplayClient } from './client.ts';

let client: SessionReplayClient | undefined;

/** Begins to record the page. Called again, it gives the client that there is. */
export function init(writeKey: string, options: RecorderOptions = {}): SessionReplayClient {
  client ??= new SessionReplayClient(writeKey, options);
  return client;
}

/** The client that `init` made. */
export function current(): SessionReplayClient | undefined {
  return client;
}

/** Says whether the visitor has opted out in this browser. */
export function isOptedOut(): boolean {
  return hasOptedOut();
}

/** The recorder's version. */
export const version: string = VERSION;
