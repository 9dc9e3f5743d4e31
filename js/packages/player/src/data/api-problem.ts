/** A problem the server answered with (RFC 9457), in words for a viewer. Status 0: there was no answer. */
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

  static async of(response: Response): Promise<ApiProblem> {
    const json = (await response.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
    return new ApiProblem(
      response.status,
      json.code ?? '',
      json.title ?? `The server answered with ${response.status}.`,
      json.detail ?? '',
    );
  }

  /** The server, or the way to it, is out for the moment: to be tried again. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 503;
  }
}
