/** What an answer of the server means for a batch (docs/http-api.md). */
export type Verdict =
  | { kind: 'accepted'; acknowledged: [from: number, to: number][] }
  | { kind: 'retry'; afterMs?: number }
  | { kind: 'drop'; status: number; code: string }
  | { kind: 'end'; status: number; code: string };

const ENDING = new Set([
  'write-key-unknown', 'origin-not-allowed', 'not-found', 'session-deleted', 'media-type-not-supported', 'session-quota',
]);

/** Says what an answer means for the batch that was sent. A body that is not JSON says nothing. */
export async function readAnswer(response: Response): Promise<Verdict> {
  const { status } = response;
  if (status >= 200 && status < 300) {
    // Also what an earlier answer said that never arrived.
    const receipt = (await response.json().catch(() => ({}))) as { acknowledged?: [number, number][] };
    return { kind: 'accepted', acknowledged: receipt.acknowledged ?? [] };
  }
  const problem = (await response.json().catch(() => ({}))) as { code?: string; final?: boolean };
  const code = problem.code ?? `status-${status}`;
  if (problem.final || ENDING.has(code) || status === 401 || status === 403 || status === 410) {
    return { kind: 'end', status, code };
  }
  if (status === 429 || status === 408 || status >= 500) {
    const seconds = Number(response.headers.get('Retry-After') ?? NaN);
    return { kind: 'retry', afterMs: seconds >= 0 ? Math.min(seconds, 600) * 1000 : undefined };
  }
  return { kind: 'drop', status, code };
}
