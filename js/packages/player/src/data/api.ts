import { ApiProblem } from './api-problem.ts';
import { joinManifest } from './manifest-pages.ts';
import { shownAnswer } from './shown-text.ts';
import { canOpen, DirectFailed, openDirect } from '../loading/direct.ts';
import { readRecords, type Records } from '../loading/record-reader.ts';
import type { Manifest, SessionDetail, SessionPage } from './types.ts';

const ATTEMPTS = 4;
const MAX_WAIT_S = 30;

/** What is waited for while a part of the server is unavailable. */
export interface Waiting {
  problem: ApiProblem;
  seconds: number;
}

/** Names a session in the API: by its tenant and its id, for two tenants may have sessions of one id. */
export function sessionPath(tenant: string, id: string): string {
  return `tenants/${encodeURIComponent(tenant)}/sessions/${encodeURIComponent(id)}`;
}

/** The playback API of one application. Sessions are named by their path ({@link sessionPath}). */
export class Api {
  /** The ticket of the view that its requests belong to: the manifest's. */
  view = '';
  /** Whether recordings are asked for as they are stored, to be opened here. */
  private isDirect = canOpen;
  private waiters = 0;

  /** @param onWaiting Called with what is unavailable and how long the client waits; with undefined when the waiting is over. */
  constructor(
    private readonly base: string,
    private readonly onWaiting: (waiting: Waiting | undefined) => void = () => undefined,
  ) {}

  async search(query: URLSearchParams, signal?: AbortSignal): Promise<SessionPage> {
    return shownAnswer(await (await this.get(`sessions?${query}`, signal)).json() as SessionPage);
  }

  async detail(session: string): Promise<SessionDetail> {
    return shownAnswer(await (await this.get(`${session}?${this.ticket}`)).json() as SessionDetail);
  }

  async manifest(session: string): Promise<Manifest> {
    return this.whole(session, await this.read(await this.get(`${session}/manifest?${this.ticket}`)));
  }

  /** Waits until the server has more than so many chunks of a session; undefined when it has nothing new for now. */
  async news(session: string, known: number, signal: AbortSignal): Promise<Manifest | undefined> {
    const response = await this.get(`${session}/manifest?known=${known}${this.ticket}`, signal);
    if (response.status === 204) {
      return undefined;
    }
    return this.whole(session, await this.read(response));
  }

  /** Batches of stretches (`stretch=…`), as they arrive. */
  async *batches(session: string, stretches: string[], signal: AbortSignal): Records {
    const path = `${session}/batches?${stretches.join('&')}${this.ticket}`;
    if (this.isDirect) {
      try {
        return yield* openDirect(this.records(`${path}&delivery=direct`, signal), signal);
      } catch (error) {
        if (!(error instanceof DirectFailed)) {
          throw error;
        }
        this.isDirect = false;
        console.warn('The recording could not be read from where it is stored. It comes through the application instead.', error.cause);
      }
    }
    return yield* this.records(path, signal);
  }

  /** Stylesheets, images and fonts by their hashes, as they arrive. */
  assets(session: string, hashes: string[]): Records {
    return this.records(`${session}/assets?${hashes.map((hash) => `hash=${hash}`).join('&')}${this.ticket}`);
  }

  async delete(session: string): Promise<void> {
    const response = await fetch(`${this.base}/${session}`, { method: 'DELETE', headers: { 'X-Session-Replay': '1' } });
    if (!response.ok) {
      throw await ApiProblem.of(response);
    }
  }

  /** The manifest with the pages after its first. */
  private async whole(session: string, first: Manifest): Promise<Manifest> {
    let manifest = first;
    while (manifest.nextCursor) {
      const cursor = encodeURIComponent(manifest.nextCursor);
      manifest = joinManifest(manifest, await this.read(await this.get(`${session}/manifest?cursor=${cursor}${this.ticket}`)));
    }
    return manifest;
  }

  private async read(response: Response): Promise<Manifest> {
    const page = shownAnswer(await response.json() as Manifest);
    this.view = page.view;
    return page;
  }

  private get ticket(): string {
    return this.view && `&view=${encodeURIComponent(this.view)}`;
  }

  private async *records(path: string, signal?: AbortSignal): Records {
    return yield* readRecords((await this.get(path, signal)).body!);
  }

  /** Gets something. While it is unavailable, asks again after the time in `Retry-After`. */
  private async get(path: string, signal?: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const { response, problem } = await this.attempt(path, signal);
      if (!problem) {
        return response!;
      }
      if (!problem.isPassing || attempt === ATTEMPTS) {
        throw problem;
      }
      const retryAfter = Number(response?.headers.get('Retry-After') ?? NaN);
      await this.wait({ problem, seconds: Math.min(MAX_WAIT_S, Math.max(0.5, Number.isFinite(retryAfter) ? retryAfter : attempt)) });
    }
  }

  private async attempt(path: string, signal?: AbortSignal): Promise<{ response?: Response; problem?: ApiProblem }> {
    try {
      const response = await fetch(`${this.base}/${path}`, { signal, headers: { Accept: '*/*' } });
      return response.ok ? { response } : { response, problem: await ApiProblem.of(response) };
    } catch (error) {
      if (signal?.aborted) {
        throw error;
      }
      return { problem: new ApiProblem(0, 'unreachable', 'The server cannot be reached.', 'Check the connection and try again.') };
    }
  }

  private async wait(waiting: Waiting): Promise<void> {
    this.waiters++;
    this.onWaiting(waiting);
    await new Promise((resolve) => setTimeout(resolve, waiting.seconds * 1000));
    if (--this.waiters === 0) {
      this.onWaiting(undefined);
    }
  }
}
