import type { NetworkEvent } from '@session-replay/format';
import { safeAddress } from './address.ts';
import type { CaptureContext, Stop } from './capture.ts';
import { watchFetch } from './fetch.ts';
import { Leaving } from './leaving.ts';
import { RateLimit } from './rate-limit.ts';
import { ABORTED, urlOf, type Finish } from './requests.ts';
import { watchCalls } from './wrap.ts';
import { watchXhr } from './xhr.ts';

/** An application that loads its parts when it starts (WebAssembly) makes hundreds of requests in a second, and few after. */
const MAX_REQUESTS = 1000;
const MAX_REQUESTS_MS = 10_000;

/** What is not known of every request. */
const UNKNOWN = {
  status: 0, initiator: 'fetch', request_size: 0, request_headers: [], response_headers: [], request_body: '', response_body: '',
  error: '', request_id: '',
};

/**
 * Captures fetch, XMLHttpRequest and sendBeacon. The page's calls behave exactly as without the recorder; the recorder's own requests are
 * left out.
 */
export function captureNetwork(context: CaptureContext): Stop {
  const full = context.options.network === 'full';
  const own = `${context.options.endpoint}/`;
  const limit = new RateLimit(MAX_REQUESTS, context, MAX_REQUESTS_MS);
  const finish: Finish = (event, started) => context.failures.guard('network', () => {
    if (!event.url.startsWith(own) && limit.take()) {
      context.emit({ time: started, network: complete(event, context.now() - started) });
    }
  }, undefined);

  const leaving = new Leaving();
  const finishFailed: Finish = (event, started) => {
    const duration = Math.max(0, context.now() - started);
    leaving.hold((isLeft) => finish({ ...event, duration, error: isLeft ? ABORTED : event.error }, started));
  };
  const settle: Finish = (event, started) => (event.error && event.error !== ABORTED ? finishFailed : finish)(event, started);

  const stops = [leaving.stop, watchFetch(context, full, settle), watchXhr(context, full, settle), watchBeacon(context, finish)];
  return () => stops.forEach((stop) => stop());
}

/** Adds what the browser has measured. */
function complete(event: Parameters<Finish>[0], elapsed: number): NetworkEvent {
  const timing = performance.getEntriesByName(event.url, 'resource').at(-1) as PerformanceResourceTiming | undefined;
  const firstByte = timing ? timing.responseStart - timing.startTime : 0;
  return {
    ...UNKNOWN,
    ...event,
    url: safeAddress(event.url),
    method: event.method.toUpperCase(),
    duration: event.duration ?? Math.max(0, elapsed),
    time_to_first_byte: firstByte > 0 ? firstByte : 0,
    response_size: event.response_size ?? timing?.encodedBodySize ?? 0,
  };
}

function watchBeacon(context: CaptureContext, finish: Finish): Stop {
  const report = (error: unknown): void => context.failures.report('network', error);
  return watchCalls(Navigator.prototype, 'sendBeacon', (_, [url]) => ({
    done: (queued) =>
      finish({ url: urlOf(url), method: 'POST', initiator: 'beacon', error: queued ? '' : 'not queued' }, context.now()),
  }), report);
}
