import { formatDuration } from '../data/format.ts';
import type { Timeline } from '../data/timeline.ts';
import type { WindowInfo } from '../data/types.ts';
import { countMarkers, markerCount } from '../events/markers.ts';

/** A shorter skip helps nobody. */
const MIN_SKIP_MS = 500;
/** What the page does at the end of an activity is not a reason to say that nothing happens. */
const MIN_STATUS_MS = 2000;

/** Where to go on, and what is said about what lies between. */
export interface Skip {
  to: number;
  notice: string;
}

/** What can be skipped from a moment on: what cannot be shown, or a stretch in which the visitor did nothing in any tab. */
export function skipAt(timeline: Timeline, window: WindowInfo | undefined, time: number): Skip | undefined {
  const gap = window && timeline.gapAt(window, time);
  if (gap) {
    const to = Math.min(gap.resume ?? window.to, timeline.nextTurn(time) ?? Infinity, timeline.end);
    return to > time
      ? { to, notice: `Skipped ${formatDuration(to - time)} that cannot be shown. ${gap.reason}${contents(timeline, time, to)}` }
      : undefined;
  }
  const idle = timeline.idleAt(time);
  return idle && idle.to - time > MIN_SKIP_MS
    ? { to: idle.to, notice: `Skipped ${formatDuration(idle.to - time)} without activity.${contents(timeline, time, idle.to)}` }
    : undefined;
}

/** What lies in a stretch that is skipped. */
function contents(timeline: Timeline, from: number, to: number): string {
  const counts = countMarkers(timeline.markers.filter((m) => m.time > from && m.time < to));
  return counts.length === 0 ? '' : ` It holds ${counts.map(([kind, count]) => markerCount(kind, count)).join(', ')}.`;
}

/** What is to be said about a moment: what is missing, that nothing happens and until when, that more is waited for. */
export function statusAt(timeline: Timeline, window: WindowInfo | undefined, time: number, isEmpty: boolean, playing: boolean): string {
  const until = (to: number): string => `until ${formatDuration(to - timeline.start)}`;
  if (time >= timeline.end && timeline.manifest.session.live) {
    return playing ? 'Still recording: the next part has not arrived yet.' : '';
  }
  if (isEmpty || !window) {
    return 'No snapshot of this page can be read: only its events can be shown.';
  }
  const gap = timeline.gapAt(window, time);
  if (gap) {
    return `Part of the recording is missing here ${until(gap.resume ?? window.to)}. ${gap.reason}`;
  }
  const idle = timeline.idleAt(time);
  return idle && idle.to - idle.from > MIN_STATUS_MS ? `No activity ${until(idle.to)}.` : '';
}
