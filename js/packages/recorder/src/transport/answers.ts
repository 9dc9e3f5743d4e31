/** What an answer of the server means for a batch (docs/http-api.md). */
export type Verdict =
  | { kind: 'accepted' }
  | { kind: 'retry'; afterMs?: number }
  | { kind: 'drop'; status: number; code: string }
  | { kind: 'end'; status: number; code: string };

/** What an answer means for the batches of an upload. */
export interface Answer {
  /** In the order of the upload. */
  verdicts: Verdict[];
  /** What is durable by window, also of earlier uploads whose answer never arrived: ranges of seq, both ends included. */
  acknowledged: ReadonlyMap<string, [from: number, to: number][]>;
  /** Whether somebody watches the session at this moment; undefined when the answer does not say. */
  isLive?: boolean;
}

interface Outcome {
  status: number;
  code?: string;
  final?: boolean;
  /** In seconds. */
  retryAfter?: number;
}

interface Receipt {
  windows?: { window: string; acknowledged: [number, number][] }[];
  batches?: Outcome[];
  live?: boolean;
}

const MIXED = 207;
const LONGEST_S = 600;
const ENDING = new Set([
  'write-key-unknown', 'origin-not-allowed', 'not-found', 'session-deleted', 'media-type-not-supported', 'session-quota',
]);

/** Reads the answer to an upload of so many batches. A body that is not JSON says nothing. */
export async function readAnswer(response: Response, count: number): Promise<Answer> {
  const { status } = response;
  const body = (await response.json().catch(() => ({}))) as Receipt & Outcome;
  const acknowledged = new Map((body.windows ?? []).map((window) => [window.window, window.acknowledged]));
  const header = Number(response.headers.get('Retry-After') ?? NaN);
  const all: Outcome = { status, code: body.code, final: body.final, retryAfter: header };
  const outcomes = status === MIXED && body.batches?.length === count ? body.batches : Array.from({ length: count }, () => all);
  return { verdicts: outcomes.map(judge), acknowledged, isLive: status >= 200 && status < 300 ? body.live === true : undefined };
}

function judge({ status, code = `status-${status}`, final, retryAfter = NaN }: Outcome): Verdict {
  if (status >= 200 && status < 300 && status !== MIXED) {
    return { kind: 'accepted' };
  }
  if (final || ENDING.has(code) || status === 401 || status === 403 || status === 410) {
    return { kind: 'end', status, code };
  }
  if (status === MIXED || status === 429 || status === 408 || status >= 500) {
    return { kind: 'retry', afterMs: retryAfter >= 0 ? Math.min(retryAfter, LONGEST_S) * 1000 : undefined };
  }
  return { kind: 'drop', status, code };
}
