/** Says whether a recorder and a server understand each other: the same major version, and minor versions that are neighbours. */
export function areNeighbours(recorder: string, server: string): boolean {
  const [a, b] = [recorder, server].map((version) => /^(\d+)\.(\d+)\./.exec(version)?.slice(1).map(Number));
  return !a || !b || (a[0] === b[0] && Math.abs(a[1]! - b[1]!) <= 1);
}
