import type { NetworkEvent } from '@session-replay/format';
import type { CaptureContext, Stop } from './capture.ts';
import { patch } from './patch.ts';
import { safeAddress } from './address.ts';
import { RateLimit } from './rate-limit.ts';
import { cut } from './text.ts';

const MAX_BODY = 16_384;
const MAX_PER_SECOND = 100;

type Finish = (event: Partial<NetworkEvent> & { url: string; method: string }, started: number) => void;

/** Captures fetch, XMLHttpRequest and sendBeacon. The page's calls behave exactly as without us; our own requests are left out. */
export function captureNetwork(context: CaptureContext): Stop {
  const full = context.options.network === 'full';
  const own = `${context.options.endpoint}/`;
  const limit = new RateLimit(MAX_PER_SECOND, context);
  const finish: Finish = (event, started) => context.failures.guard('network', () => {
    if (event.url.startsWith(own) || !limit.take()) {
      return;
    }
    const timing = performance.getEntriesByName(event.url, 'resource').at(-1) as PerformanceResourceTiming | undefined;
    const firstByte = timing ? timing.responseStart - timing.startTime : 0;
    context.emit({
      time: started,
      network: {
        status: 0, initiator: 'fetch', request_size: 0, request_headers: [], response_headers: [], request_body: '', response_body: '', error: '',
        request_id: '', ...event,
        url: safeAddress(event.url),
        method: event.method.toUpperCase(),
        duration: Math.max(0, context.now() - started),
        time_to_first_byte: firstByte > 0 ? firstByte : 0,
        response_size: event.response_size ?? timing?.encodedBodySize ?? 0,
      },
    });
  }, undefined);

  const stops = [watchFetch(context, full, finish), watchXhr(context, full, finish), watchBeacon(context, finish)];
  return () => stops.forEach((stop) => stop());
}

function watchFetch(context: CaptureContext, full: boolean, finish: Finish): Stop {
  return patch(window, 'fetch', (_, args, call) => {
    const started = context.now();
    const result = call();
    return context.failures.guard('network', () => {
      if (typeof (result as Promise<Response> | undefined)?.then !== 'function') {
        return result;
      }
      const [input, init] = args as Parameters<typeof fetch>;
      const request = input instanceof Request ? input : undefined;
      const named = request?.url ?? addressOf(input);
      const text = typeof init?.body === 'string' ? init.body : '';
      const sent = { url: named && new URL(named, document.baseURI).href, method: init?.method ?? request?.method ?? 'GET', request_size: text.length, request_body: full ? cut(text, MAX_BODY) : '' };
      // The page gets a promise that follows its own and not that one itself: watched, a rejection that the page does not handle would count as handled.
      return (result as Promise<Response>).then(
        (response) => {
          context.failures.guard('network', () => {
            void readBody(response, full).then((body) => finish({ ...sent, url: sent.url || response.url, status: response.status, response_body: body }, started));
          }, undefined);
          return response;
        },
        (error: unknown) => {
          finish({ ...sent, error: context.failures.guard('network', () => cut(String(error), 500), 'unknown') }, started);
          throw error;
        },
      );
    }, result);
  });
}

/** Reads an address. What the page gives besides is not asked for its text a second time: that may be code of the page. */
function addressOf(value: unknown): string {
  return typeof value === 'string' ? value : value instanceof URL ? value.href : '';
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
}

function watchXhr(context: CaptureContext, full: boolean, finish: Finish): Stop {
  const states = new WeakMap<XMLHttpRequest, XhrState>();
  const stops = [
    patch(XMLHttpRequest.prototype, 'open', (self, args, call) => {
      const result = call();
      context.failures.guard('network', () => {
        states.set(self as XMLHttpRequest, { method: String(args[0]), url: new URL(addressOf(args[1]), document.baseURI).href, started: 0 });
      }, undefined);
      return result;
    }),
    patch(XMLHttpRequest.prototype, 'send', (self, args, call) => {
      context.failures.guard('network', () => watch(self as XMLHttpRequest, args[0]), undefined);
      return call();
    }),
  ];
  const watch = (xhr: XMLHttpRequest, body: unknown): void => {
    const state = states.get(xhr);
    if (!state) {
      return;
    }
    state.started = context.now();
    const text = typeof body === 'string' ? body : '';
    xhr.addEventListener('loadend', () => {
      // An object that was opened again tells of its later request.
      if (states.get(xhr) === state) {
        finish({
          method: state.method,
          url: state.url,
          initiator: 'xhr',
          status: xhr.status,
          request_size: text.length,
          request_body: full ? cut(text, MAX_BODY) : '',
          response_body: full && (xhr.responseType === '' || xhr.responseType === 'text') ? cut(xhr.responseText, MAX_BODY) : '',
          error: xhr.status === 0 ? 'failed or aborted' : '',
        }, state.started);
      }
    }, { once: true });
  };
  return () => stops.forEach((stop) => stop());
}

function watchBeacon(context: CaptureContext, finish: Finish): Stop {
  return patch(Navigator.prototype, 'sendBeacon', (_, args, call) => {
    const queued = call();
    context.failures.guard('network', () => finish({
      url: new URL(addressOf(args[0]), document.baseURI).href, method: 'POST', initiator: 'beacon', error: queued ? '' : 'not queued',
    }, context.now()), undefined);
    return queued;
  });
}
