import type { NetworkEvent } from '@session-replay/format';
import { addressOf } from './read.ts';
import { cut } from './text.ts';

/** Characters of a body that are recorded. */
export const MAX_BODY = 16_384;
/** In place of an error: the page itself called the request off, or was left. It is not a failure. */
export const ABORTED = 'aborted';

/** Takes a request that has ended. */
export type Finish = (event: Partial<NetworkEvent> & { url: string; method: string }, started: number) => void;

/** The address that an argument of a request names. */
export function urlOf(argument: unknown): string {
  const address = addressOf(argument);
  return address && new URL(address, document.baseURI).href;
}

/** What is recorded of a body. */
export function bodyOf(text: string): string {
  return cut(text, MAX_BODY);
}
