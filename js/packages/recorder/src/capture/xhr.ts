import { listen } from '../listen.ts';
import type { CaptureContext, Stop } from './capture.ts';
import { ABORTED, bodyOf, urlOf, type Finish } from './requests.ts';
import { watchCalls, type Watcher } from './wrap.ts';

interface XhrState {
  method: string;
  url: string;
  started: number;
  aborted: boolean;
}

/** Captures requests of `XMLHttpRequest`. */
export function watchXhr(context: CaptureContext, full: boolean, finish: Finish): Stop {
  const states = new WeakMap<XMLHttpRequest, XhrState>();
  const report = (error: unknown): void => context.failures.report('network', error);
  const ended = (xhr: XMLHttpRequest, state: XhrState, text: string): void => context.failures.guard('network', () => {
    // An object that was opened again reports its later request.
    if (states.get(xhr) === state) {
      finish({ ...outcomeOf(xhr, state, full), request_size: text.length, request_body: full ? bodyOf(text) : '' }, state.started);
    }
  }, undefined);
  const onOpen: Watcher = (self, [method, url]) => ({
    done: () => states.set(self as XMLHttpRequest, {
      method: typeof method === 'string' ? method : '', url: urlOf(url), started: 0, aborted: false,
    }),
  });
  const onSend: Watcher = (self, [body]) => {
    const xhr = self as XMLHttpRequest;
    const state = states.get(xhr);
    if (state) {
      state.started = context.now();
      xhr.addEventListener('abort', () => (state.aborted = true), { once: true });
      // Before it is sent: a synchronous request ends within the call.
      listen(xhr, 'loadend', () => ended(xhr, state, typeof body === 'string' ? body : ''), { once: true });
    }
  };
  const stops = [
    watchCalls(XMLHttpRequest.prototype, 'open', onOpen, report),
    watchCalls(XMLHttpRequest.prototype, 'send', onSend, report),
  ];
  return () => stops.forEach((stop) => stop());
}

function outcomeOf(xhr: XMLHttpRequest, { method, url, aborted }: XhrState, full: boolean): Parameters<Finish>[0] {
  const isText = xhr.responseType === '' || xhr.responseType === 'text';
  return {
    method,
    url: url || xhr.responseURL,
    initiator: 'xhr',
    status: xhr.status,
    response_body: full && isText ? bodyOf(xhr.responseText) : '',
    error: xhr.status !== 0 ? '' : aborted ? ABORTED : 'failed',
  };
}
