/** How kinds of markers and events are named, coloured and placed on the timeline. */
export const KINDS: Record<string, { title: string; color: string; lane: number }> = {
  click: { title: 'Click', color: 'var(--_muted)', lane: 32 },
  rage_click: { title: 'Rage click', color: 'var(--_bad)', lane: 32 },
  dead_click: { title: 'Dead click', color: 'var(--_warn)', lane: 32 },
  error: { title: 'Error', color: 'var(--_bad)', lane: 6 },
  console_error: { title: 'Console error', color: 'var(--_warn)', lane: 6 },
  network_error: { title: 'Failed request', color: 'var(--_bad)', lane: 6 },
  navigation: { title: 'Page', color: 'var(--_accent)', lane: 39 },
  custom: { title: 'Event', color: 'var(--_good)', lane: 0 },
  identify: { title: 'User identified', color: 'var(--_good)', lane: 0 },
  server: { title: 'Server', color: 'var(--_warn)', lane: 0 },
  gap: { title: 'Pause', color: 'var(--_muted)', lane: 39 },
};
