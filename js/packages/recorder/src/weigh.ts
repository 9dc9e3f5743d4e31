/** About how many bytes an event makes as JSON. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') {
    return value.length + 3;
  }
  if (typeof value !== 'object' || value === null) {
    return 8;
  }
  let sum = 2;
  for (const key of Object.keys(value)) {
    sum += key.length + 4 + weigh((value as Record<string, unknown>)[key]);
  }
  return sum;
}
