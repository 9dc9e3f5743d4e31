import { ApiProblem } from './api-problem.ts';

/** Names a chunk within its session. */
export const chunkKey = (window: string, seq: number): string => `${window}/${seq}`;

/** A chunk that could not be loaded. */
export class ChunkError extends Error {
  constructor(
    readonly window: string,
    readonly seq: number,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.name = 'ChunkError';
  }

  /**
   * This chunk alone is lost (gone, missing, damaged, no batch at all), and the session goes on after it. Otherwise something else is the
   * matter: the viewer may not look at it any more, or the server is unavailable.
   */
  get isLost(): boolean {
    return !(this.cause instanceof ApiProblem) || [404, 410, 500].includes(this.cause.status);
  }

  /** Why, in words for a viewer. */
  get reason(): string {
    return this.cause instanceof ApiProblem ? this.cause.title : 'A part of the recording is damaged.';
  }
}
