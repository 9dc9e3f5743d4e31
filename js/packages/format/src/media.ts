/** The attribute of the page's root that holds what the visitor prefers, by the order of {@link PREFERENCES}. */
export const MEDIA = 'data-sr-media';

/** Media features by which a page asks what its visitor prefers, and their values; the first is the value without a preference. */
export const PREFERENCES: readonly (readonly [feature: string, values: readonly string[]])[] = [
  ['prefers-color-scheme', ['light', 'dark']],
  ['prefers-reduced-motion', ['no-preference', 'reduce']],
  ['forced-colors', ['none', 'active']],
  ['prefers-contrast', ['no-preference', 'more', 'less', 'custom']],
];
