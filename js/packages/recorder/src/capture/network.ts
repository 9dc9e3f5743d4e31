import type { NetworkEvent } from '@session-replay/format';
import type { CaptureContext, Stop } from './capture.ts';
import { cut } from './text.ts';

const MAX_BODY = 16_384;

/** Captures fetch, XMLHttpRequest and sendBeacon. The page's calls behave exactly as without us; our own requests are left out. */
export function captureNetwork(context: CaptureContext): Stop {
  const full = context.options.network === 'full';
  const isOwn = (url: string): boolean => url.startsWith(context.options.endpoint);
  const finish = (event: Partial<NetworkEvent> & { url: string; method: string }, started: number): void => {
    context.failures.guard('network', () => {
      if (isOwn(event.url)) {
        return;
      }
      const timing = performance.getEntriesByName(event.url, 'resource').at(-1) as PerformanceResourceTiming | undefined;
      const firstByte = timing ? timing.responseStart - timing.startTime : 0;
      context.emit({
        time: started,
        network: {
          status: 0, initiator: 'fetch', request_size: 0, request_headers: [], response_headers: [], request_body: '', response_body: '', error: '',
          request_id: '', ...event,
          url: cut(event.url, 4000),
          method: event.method.toUpperCase(),
          duration: Math.max(0, context.now() - started),
          time_to_first_byte: firstByte > 0 ? firstByte : 0,
          response_size: event.response_size ?? timing?.encodedBodySize ?? 0,
        },
      });
    }, undefined);
  };

  const stops = [patchFetch(context, full, finish), patchXhr(context, full, finish), patchBeacon(context, finish)];
  return () => stops.forEach((stop) => stop());
}

type Finish = (event: Partial<NetworkEvent> & { url: string; method: string }, started: number) => void;

/** Keeps `name`, `length` and `toString` of a patched function as they were. */
function disguise<T extends object>(patched: T, original: T): T {
  Object.defineProperty(patched, 'name', { value: (original as { name?: string }).name, configurable: true });
  Object.defineProperty(patched, 'length', { value: (original as { length?: number }).length, configurable: true });
  Object.defineProperty(patched, 'toString', { value: () => Function.prototype.toString.call(original), configurable: true, writable: true });
  return patched;
}

function patchFetch(context: CaptureContext, full: boolean, finish: Finish): Stop {
  const original = window.fetch;
  const patched = disguise(function (this: unknown, ...args: Parameters<typeof fetch>): Promise<Response> {
    const started = context.now();
    const promise = original.apply(this as Window, args);
    context.failures.guard('network', () => {
      const [input, init] = args;
      const request = input instanceof Request ? input : undefined;
      const url = new URL(request?.url ?? String(input), document.baseURI).href;
      const method = init?.method ?? request?.method ?? 'GET';
      const body = full && typeof init?.body === 'string' ? init.body : '';
      const size = typeof init?.body === 'string' ? init.body.length : 0;
      promise.then(
        (response) => void readBody(response, full).then((text) => finish({
          url, method, status: response.status, request_size: size, request_body: cut(body, MAX_BODY), response_body: text,
        }, started)),
        (error: unknown) => finish({ url, method, error: cut(String(error), 500), request_size: size, request_body: cut(body, MAX_BODY) }, started),
      );
    }, undefined);
    return promise;
  } as typeof fetch, original);
  window.fetch = patched;
  return () => {
    if (window.fetch === patched) {
      window.fetch = original;
    }
  };
}

/** Reads a clone, and only of texts of a known, small size: a stream is never held up or kept in memory for us. */
async function readBody(response: Response, full: boolean): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  const length = Number(response.headers.get('content-length') ?? NaN);
  if (!full || response.bodyUsed || !/json|text\/(?!event-stream)|xml|urlencoded/.test(type) || !(length <= MAX_BODY * 4)) {
    return '';
  }
  try {
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

function patchXhr(context: CaptureContext, full: boolean, finish: Finish): Stop {
  const prototype = XMLHttpRequest.prototype;
  const { open, send } = prototype;
  const states = new WeakMap<XMLHttpRequest, XhrState>();
  const patchedOpen = disguise(function (this: XMLHttpRequest, ...args: unknown[]): void {
    context.failures.guard('network', () =>
      states.set(this, { method: String(args[0]), url: new URL(String(args[1]), document.baseURI).href, started: 0 }), undefined);
    return (open as (...a: unknown[]) => void).apply(this, args);
  } as typeof open, open);
  const patchedSend = disguise(function (this: XMLHttpRequest, body?: Document | XMLHttpRequestBodyInit | null): void {
    context.failures.guard('network', () => {
      const state = states.get(this);
      if (!state) {
        return;
      }
      state.started = context.now();
      const text = typeof body === 'string' ? body : '';
      this.addEventListener('loadend', () => context.failures.guard('network', () => finish({
        method: state.method,
        url: state.url,
        initiator: 'xhr',
        status: this.status,
        request_size: text.length,
        request_body: full ? cut(text, MAX_BODY) : '',
        response_body: full && (this.responseType === '' || this.responseType === 'text') ? cut(this.responseText, MAX_BODY) : '',
        error: this.status === 0 ? 'failed or aborted' : '',
      }, state.started), undefined), { once: true });
    }, undefined);
    return send.call(this, body);
  }, send);
  prototype.open = patchedOpen;
  prototype.send = patchedSend;
  return () => {
    prototype.open = open;
    prototype.send = send;
  };
}

function patchBeacon(context: CaptureContext, finish: Finish): Stop {
  const original = navigator.sendBeacon;
  if (typeof original !== 'function') {
    return () => undefined;
  }
  const patched = disguise(function (this: Navigator, ...args: Parameters<Navigator['sendBeacon']>): boolean {
    const queued = original.apply(this, args);
    context.failures.guard('network', () => finish({
      url: new URL(String(args[0]), document.baseURI).href, method: 'POST', initiator: 'beacon', error: queued ? '' : 'not queued',
    }, context.now()), undefined);
    return queued;
  } as Navigator['sendBeacon'], original);
  navigator.sendBeacon = patched;
  return () => {
    navigator.sendBeacon = original;
  };
}
