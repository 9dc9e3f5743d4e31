/** Writes a duration as m:ss or h:mm:ss. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const pad = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  return h > 0 ? `${h}:${pad(m)}:${pad(seconds % 60)}` : `${m}:${pad(seconds % 60)}`;
}

/** Writes a size in bytes for people. */
export function formatBytes(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** The language of all texts here: times in another one would stand in the midst of it. */
const LANGUAGE = 'en-GB';

/** Writes a moment in the viewer's own zone. */
export function formatTime(ms: number): string {
  return new Date(ms).toLocaleString(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });
}

const UNITS: [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]];

/** Writes how long ago a moment was; of one more than a week ago when it was. */
export function formatRelative(ms: number, now: number): string {
  const ago = now - ms;
  if (ago > 7 * 86_400_000) {
    return formatTime(ms);
  }
  const format = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });
  const unit = UNITS.find(([, length]) => ago >= length);
  return unit ? format.format(-Math.floor(ago / unit[1]), unit[0]) : format.format(0, 'second');
}

/** Names a user by what is known. */
export function formatUser(user: { id: string; email: string; name: string } | null): string {
  return user ? user.name || user.email || user.id || 'Identified visitor' : 'Anonymous visitor';
}

/** Cuts the origin off a URL for a narrow column. */
export function formatPath(url: string | null | undefined): string {
  if (!url) {
    return '';
  }
  try {
    const parsed = new URL(url);
    return parsed.pathname + parsed.search;
  } catch {
    return url;
  }
}
