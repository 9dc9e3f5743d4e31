import type { NetworkEvent } from '@session-replay/format';
import type { CaptureContext, Stop } from './capture.ts';
import { safeAddress } from './address.ts';
import { listen } from '../listen.ts';
import { Leaving } from './leaving.ts';
import { RateLimit } from './rate-limit.ts';
import { cut } from './text.ts';
import { addressOf, readProperty, readRequest, tee } from './read.ts';
import { watchCalls } from './wrap.ts';

const MAX_BODY = 16_384;
/** An application that loads its parts when it starts (WebAssembly) makes hundreds of requests in a second, and few after. */
const MAX_REQUESTS = 1000;
const MAX_REQUESTS_MS = 10_000;
/** In place of an error: the page itself called the request off, or was left. It is no failure. */
const ABORTED = 'aborted';

type Finish = (event: Partial<NetworkEvent> & { url: string; method: string }, started: number) => void;

/** Captures fetch, XMLHttpRequest and sendBeacon. The page's calls behave exactly as without us; our own requests are left out. */
export function captureNetwork(context: CaptureContext): Stop {
  const full = context.options.network === 'full';
  const own = `${context.options.endpoint}/`;
  const limit = new RateLimit(MAX_REQUESTS, context, MAX_REQUESTS_MS);
  const finish: Finish = (event, started) =>
    context.failures.guard(
      'network',
      () => {
        if (event.url.startsWith(own) || !limit.take()) {
          return;
        }
        const timing = performance.getEntriesByName(event.url, 'resource').at(-1) as PerformanceResourceTiming | undefined;
        const firstByte = timing ? timing.responseStart - timing.startTime : 0;
        context.emit({
          time: started,
          network: {
            status: 0,
            initiator: 'fetch',
            request_size: 0,
            request_headers: [],
            response_headers: [],
            request_body: '',
            response_body: '',
            error: '',
            request_id: '',
            ...event,
            url: safeAddress(event.url),
            method: event.method.toUpperCase(),
            duration: event.duration ?? Math.max(0, context.now() - started),
            time_to_first_byte: firstByte > 0 ? firstByte : 0,
            response_size: event.response_size ?? timing?.encodedBodySize ?? 0,
          },
        });
      },
      undefined,
    );

  const leaving = new Leaving();
  const finishFailed: Finish = (event, started) => {
    const duration = Math.max(0, context.now() - started);
    leaving.hold((isLeft) => finish({ ...event, duration, error: isLeft ? ABORTED : event.error }, started));
  };
  const settle: Finish = (event, started) => (event.error && event.error !== ABORTED ? finishFailed : finish)(event, started);

  const stops = [leaving.stop, watchFetch(context, full, settle), watchXhr(context, full, settle), watchBeacon(context, finish)];
  return () => stops.forEach((stop) => stop());
}

function watchFetch(context: CaptureContext, full: boolean, finish: Finish): Stop {
  const report = (error: unknown): void => context.failures.report('network', error);
  return watchCalls(
    window,
    'fetch',
    (_, args, isNative) => {
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
          url: request?.url ?? absolute(addressOf(input)),
          method: typeof read.method === 'string' ? read.method : (request?.method ?? 'GET'),
          request_size: text.length,
          request_body: full ? cut(text, MAX_BODY) : '',
        };
      };
      return {
        args: isObject && isNative ? [input, tee(init, read), ...args.slice(2)] : undefined,
        follow: (result) =>
          followResponse(result, {
            answered: (response) => {
              const request = sent();
              void readBody(response, full).then((body) =>
                finish({ ...request, url: request.url || response.url, status: response.status, response_body: body }, started),
              );
            },
            failed: (error) => finish({ ...sent(), error: isAbort(error) ? ABORTED : cut(String(error), 500) }, started),
            report,
          }),
      };
    },
    report,
  );
}

const then = Promise.prototype.then;

/** The page gets a promise that follows the browser's: with that one watched, a rejection that the page does not handle would count as handled. */
function followResponse(
  result: unknown,
  on: { answered: (response: Response) => void; failed: (error: unknown) => void; report: (error: unknown) => void },
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

function absolute(address: string): string {
  return address && new URL(address, document.baseURI).href;
}

/** Reads a clone, and only of texts of a known, small size: a stream is never held up or kept in memory for us. Never rejects. */
async function readBody(response: Response, full: boolean): Promise<string> {
  try {
    const type = response.headers.get('content-type') ?? '';
    const length = Number(response.headers.get('content-length') ?? NaN);
    if (!full || response.bodyUsed || !/json|text\/(?!event-stream)|xml|urlencoded/.test(type) || !(length <= MAX_BODY * 4)) {
      return '';
    }
    return cut(await response.clone().text(), MAX_BODY);
  } catch {
    return '';
  }
}

interface XhrState {
  method: string;
  url: string;
  started: number;
  aborted: boolean;
}

function watchXhr(context: CaptureContext, full: boolean, finish: Finish): Stop {
  const states = new WeakMap<XMLHttpRequest, XhrState>();
  const report = (error: unknown): void => context.failures.report('network', error);
  const ended = (xhr: XMLHttpRequest, state: XhrState, text: string): void =>
    context.failures.guard(
      'network',
      () => {
        // An object that was opened again tells of its later request.
        if (states.get(xhr) === state) {
          finish(
            {
              method: state.method,
              url: state.url || xhr.responseURL,
              initiator: 'xhr',
              status: xhr.status,
              request_size: text.length,
              request_body: full ? cut(text, MAX_BODY) : '',
              response_body: full && (xhr.responseType === '' || xhr.responseType === 'text') ? cut(xhr.responseText, MAX_BODY) : '',
              error: xhr.status !== 0 ? '' : state.aborted ? ABORTED : 'failed',
            },
            state.started,
          );
        }
      },
      undefined,
    );
  const stops = [
    watchCalls(
      XMLHttpRequest.prototype,
      'open',
      (self, [method, url]) => ({
        done: () =>
          states.set(self as XMLHttpRequest, {
            method: typeof method === 'string' ? method : '',
            url: absolute(addressOf(url)),
            started: 0,
            aborted: false,
          }),
      }),
      report,
    ),
    watchCalls(
      XMLHttpRequest.prototype,
      'send',
      (self, [body]) => {
        const xhr = self as XMLHttpRequest;
        const state = states.get(xhr);
        if (state) {
          state.started = context.now();
          xhr.addEventListener('abort', () => (state.aborted = true), { once: true });
          // Before it is sent: a synchronous request ends within the call.
          listen(xhr, 'loadend', () => ended(xhr, state, typeof body === 'string' ? body : ''), { once: true });
        }
      },
      report,
    ),
  ];
  return () => stops.forEach((stop) => stop());
}

function watchBeacon(context: CaptureContext, finish: Finish): Stop {
  return watchCalls(
    Navigator.prototype,
    'sendBeacon',
    (_, [url]) => ({
      done: (queued) =>
        finish({ url: absolute(addressOf(url)), method: 'POST', initiator: 'beacon', error: queued ? '' : 'not queued' }, context.now()),
    }),
    (error) => context.failures.report('network', error),
  );
}
