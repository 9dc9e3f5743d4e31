const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/** Exponential backoff with full jitter: a random time up to a bound that doubles with each attempt. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
}
