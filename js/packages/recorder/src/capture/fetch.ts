import type { CaptureContext, Stop } from './capture.ts';
import { readProperty, readRequest, tee } from './read.ts';
import { ABORTED, MAX_BODY, bodyOf, urlOf, type Finish } from './requests.ts';
import { cut } from './text.ts';
import { watchCalls, type Report, type Watcher } from './wrap.ts';

/** Captures calls of `fetch`. */
export function watchFetch(context: CaptureContext, full: boolean, finish: Finish): Stop {
  const report = (error: unknown): void => context.failures.report('network', error);
  const watcher: Watcher = (_, args, isNative) => {
    const started = context.now();
    const [input, init] = args;
    const request = readRequest(input);
    const isObject = (typeof init === 'object' && init !== null) || typeof init === 'function';
    const read: { method?: unknown; body?: unknown } = {};
    if (isObject && !isNative) {
      // Somebody else's function gets the object itself.
      read.method = readProperty(init, 'method');
      read.body = readProperty(init, 'body');
    }
    const sent = () => {
      const text = typeof read.body === 'string' ? read.body : '';
      return {
        url: request?.url ?? urlOf(input),
        method: typeof read.method === 'string' ? read.method : (request?.method ?? 'GET'),
        request_size: text.length,
        request_body: full ? bodyOf(text) : '',
      };
    };
    const answered = (response: Response): void => {
      const request = sent();
      void readBody(response, full).then((body) =>
        finish({ ...request, url: request.url || response.url, status: response.status, response_body: body }, started));
    };
    const failed = (error: unknown): void => finish({ ...sent(), error: isAbort(error) ? ABORTED : cut(String(error), 500) }, started);
    return {
      args: isObject && isNative ? [input, tee(init, read), ...args.slice(2)] : undefined,
      follow: (result) => followResponse(result, { answered, failed, report }),
    };
  };
  return watchCalls(window, 'fetch', watcher, report);
}

const then = Promise.prototype.then;

/**
 * The page gets a promise that follows the browser's: with that one watched, a rejection that the page does not handle would count as
 * handled.
 */
function followResponse(
  result: unknown, on: { answered: (response: Response) => void; failed: (error: unknown) => void; report: Report },
): unknown {
  const attempt = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      on.report(error);
    }
  };
  const listeners = [
    (response: Response) => {
      attempt(() => on.answered(response));
      return response;
    },
    (error: unknown) => {
      attempt(() => on.failed(error));
      throw error;
    },
  ] as const;
  if (result instanceof Promise) {
    return Reflect.apply(then, result, listeners);
  }
  return typeof (result as Promise<Response> | undefined)?.then === 'function' ? (result as Promise<Response>).then(...listeners) : result;
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Reads a clone, and only of texts of a known, small size: a stream is never held up or kept in memory for the recorder. Never rejects. */
async function readBody(response: Response, full: boolean): Promise<string> {
  try {
    const type = response.headers.get('content-type') ?? '';
    const length = Number(response.headers.get('content-length') ?? NaN);
    if (!full || response.bodyUsed || !/json|text\/(?!event-stream)|xml|urlencoded/.test(type) || !(length <= MAX_BODY * 4)) {
      return '';
    }
    return bodyOf(await response.clone().text());
  } catch {
    return '';
  }
}
