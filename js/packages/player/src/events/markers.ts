import type { Marker } from '../data/types.ts';

/** How a kind of markers is named, coloured and formed. */
export interface MarkerKind {
  title: string;
  many: string;
  color: string;
  form: 'dot' | 'diamond' | 'bar' | 'square';
  lane: 0 | 1;
}

/** How kinds of markers are named, coloured and formed. Forms distinguish them where colours do not. */
export const KINDS: ReadonlyMap<string, MarkerKind> = new Map(Object.entries({
  error: { title: 'Error', many: 'Errors', color: 'var(--_bad)', form: 'diamond', lane: 0 },
  network_error: { title: 'Failed request', many: 'Failed requests', color: 'var(--_bad)', form: 'square', lane: 0 },
  console_error: { title: 'Console error', many: 'Console errors', color: 'var(--_warn)', form: 'diamond', lane: 0 },
  server: { title: 'Server', many: 'Server', color: 'var(--_warn)', form: 'square', lane: 0 },
  performance: { title: 'Poor web vital', many: 'Poor web vitals', color: 'var(--_warn)', form: 'bar', lane: 0 },
  custom: { title: 'Custom event', many: 'Custom events', color: 'var(--_good)', form: 'square', lane: 0 },
  identify: { title: 'User identified', many: 'Identified', color: 'var(--_good)', form: 'dot', lane: 0 },
  gap: { title: 'Recording paused', many: 'Pauses', color: 'var(--_muted)', form: 'bar', lane: 0 },
  rage_click: { title: 'Rage click', many: 'Rage clicks', color: 'var(--_bad)', form: 'dot', lane: 1 },
  dead_click: { title: 'Dead click', many: 'Dead clicks', color: 'var(--_warn)', form: 'dot', lane: 1 },
  click: { title: 'Click', many: 'Clicks', color: 'var(--_muted)', form: 'dot', lane: 1 },
  navigation: { title: 'Page', many: 'Pages', color: 'var(--_accent)', form: 'bar', lane: 1 },
} satisfies Record<string, MarkerKind>));

/** Markers of one kind that are too close to be distinguished. */
export interface MarkerGroup {
  /** Where on the timeline, from 0 to 1. */
  at: number;
  first: Marker;
  count: number;
}

/** Puts markers that would lie on each other together: however many there are, at most `places` of each kind are drawn. */
export function groupMarkers(
  markers: readonly Marker[],
  start: number,
  duration: number,
  places: number,
  hidden: ReadonlySet<string>,
): MarkerGroup[] {
  const groups = new Map<string, MarkerGroup>();
  for (const marker of markers) {
    if (!KINDS.has(marker.kind) || hidden.has(marker.kind)) {
      continue;
    }
    const at = Math.min(1, Math.max(0, (marker.time - start) / duration));
    const key = `${marker.kind}/${Math.floor(at * places)}`;
    const group = groups.get(key);
    if (group) {
      group.count++;
    } else {
      groups.set(key, { at, first: marker, count: 1 });
    }
  }
  return [...groups.values()];
}

/** Counts the markers of each kind that there is, in the order of `KINDS`. */
export function countMarkers(markers: readonly Marker[]): [kind: string, count: number][] {
  const counts = new Map<string, number>();
  for (const marker of markers) {
    counts.set(marker.kind, (counts.get(marker.kind) ?? 0) + 1);
  }
  return [...KINDS.keys()].filter((kind) => counts.has(kind)).map((kind) => [kind, counts.get(kind)!]);
}

/** Writes how many markers of a kind there are. */
export function markerCount(kind: string, count: number): string {
  const { title, many } = KINDS.get(kind)!;
  return count === 1 ? `1 ${title.toLowerCase()}` : `${count.toLocaleString('en')} ${many.toLowerCase()}`;
}

/** A marker this close to the playhead is where the viewer is, not where they want to go. */
const HERE_MS = 500;

/** The next marker that is shown, or the one before. */
export function nextMarker(markers: readonly Marker[], hidden: ReadonlySet<string>, time: number, direction: 1 | -1): Marker | undefined {
  const shown = (m: Marker): boolean => KINDS.has(m.kind) && !hidden.has(m.kind);
  return direction > 0 ? markers.find((m) => m.time > time + 1 && shown(m)) : markers.findLast((m) => m.time < time - HERE_MS && shown(m));
}

/** Writes what a group of markers is. */
export function markerText(group: MarkerGroup): string {
  const kind = KINDS.get(group.first.kind)!;
  return group.count > 1 ? `${group.count} × ${kind.title}` : group.first.label ? `${kind.title}: ${group.first.label}` : kind.title;
}
