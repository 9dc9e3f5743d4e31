import type { Manifest, SessionDetail, SessionPage } from './types.ts';

const ATTEMPTS = 4;

/** A problem the server answered with (RFC 9457), in words for a viewer. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail ? `${title} ${detail}` : title);
    this.name = 'ApiProblem';
  }
}

/** The playback API of one application. */
export class Api {
  constructor(private readonly base: string) {}

  async search(query: URLSearchParams): Promise<SessionPage> {
    return (await this.get(`sessions?${query}`)).json() as Promise<SessionPage>;
  }

  async detail(session: string): Promise<SessionDetail> {
    return (await this.get(`sessions/${session}`)).json() as Promise<SessionDetail>;
  }

  async manifest(session: string): Promise<Manifest> {
    return (await this.get(`sessions/${session}/manifest`)).json() as Promise<Manifest>;
  }

  async chunk(session: string, window: string, seq: number, signal?: AbortSignal): Promise<Uint8Array> {
    const response = await this.get(`sessions/${session}/chunks/${window}/${seq}`, signal);
    return new Uint8Array(await response.arrayBuffer());
  }

  async asset(session: string, hash: string): Promise<string> {
    return (await this.get(`assets/${hash}?session=${session}`)).text();
  }

  async assetBlob(session: string, hash: string): Promise<Blob> {
    return (await this.get(`assets/${hash}?session=${session}`)).blob();
  }

  async delete(session: string): Promise<void> {
    const response = await fetch(`${this.base}/sessions/${session}`, { method: 'DELETE', headers: { 'X-Session-Replay': '1' } });
    if (!response.ok) {
      throw await problemOf(response);
    }
  }

  /** Gets something; an answer of 503 is tried again after the time it tells. */
  private async get(path: string, signal?: AbortSignal): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${this.base}/${path}`, { signal, headers: { Accept: '*/*' } });
      if (response.ok) {
        return response;
      }
      if (response.status !== 503 || attempt === ATTEMPTS) {
        throw await problemOf(response);
      }
      const seconds = Number(response.headers.get('Retry-After') ?? 1);
      await new Promise((resolve) => setTimeout(resolve, Math.min(10, Math.max(0.5, seconds)) * 1000));
    }
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const json = (await response.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
  return new ApiProblem(response.status, json.code ?? '', json.title ?? `The server answered with ${response.status}.`, json.detail ?? '');
}
