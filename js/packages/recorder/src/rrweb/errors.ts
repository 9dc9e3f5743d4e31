import type { Report } from '../capture/wrap.ts';

let handler: Report | undefined;

/** Takes rrweb's handler of errors: it hears of errors of its own callbacks, and of nothing that the page or the browser throws. */
export function registerErrorHandler(next: Report | undefined): void {
  handler = next;
}

export function unregisterErrorHandler(): void {
  handler = undefined;
}

/** Hands an error to the recorder. */
export function report(error: unknown): void {
  handler?.(error);
}

/** Hands what rrweb would write to the page's console to the recorder. */
export function warn(...parts: unknown[]): void {
  const text = parts
    .map((part) => (typeof part === 'string' ? part : part instanceof Error ? part.message : ''))
    .join(' ')
    .trim();
  report(new Error(text || 'a node could not be recorded'));
}

/** Keeps errors of a callback away from its caller. */
export function callbackWrapper<A extends unknown[], R>(callback: (...args: A) => R): (...args: A) => R | undefined {
  return (...args) => {
    try {
      return callback(...args);
    } catch (error) {
      report(error);
      return undefined;
    }
  };
}
