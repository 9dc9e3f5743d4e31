/** What keys can do to a player. */
export interface Keyable {
  readonly currentTime: number;
  readonly duration: number;
  toggle(): void;
  seek(ms: number): unknown;
  changeSpeed(direction: 1 | -1): void;
  toggleSkip(): void;
  toMarker(direction: 1 | -1): void;
  toggleFullscreen(): void;
  focusSearch(): void;
  showHelp(): void;
  closeDetails(): void;
}

/** A key, or some that do the same. */
export interface Shortcut {
  keys: string[];
  /** How the keys are called. */
  label: string[];
  what: string;
  run: (player: Keyable, event: Pick<KeyboardEvent, 'key' | 'shiftKey'>) => void;
}

const by = (player: Keyable, ms: number): unknown => player.seek(player.currentTime + ms);

/** All shortcuts, in the order of the help. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: [' ', 'k'], label: ['space', 'k'], what: 'play or pause', run: (p) => p.toggle() },
  {
    keys: ['ArrowLeft', 'ArrowRight'],
    label: ['←', '→'],
    what: '5 seconds back or forward; 30 with shift',
    run: (p, e) => by(p, (e.shiftKey ? 30_000 : 5000) * (e.key === 'ArrowLeft' ? -1 : 1)),
  },
  { keys: ['j', 'l'], label: ['j', 'l'], what: '10 seconds back or forward', run: (p, e) => by(p, e.key === 'j' ? -10_000 : 10_000) },
  { keys: ['n', 'p'], label: ['n', 'p'], what: 'next or previous marker', run: (p, e) => p.toMarker(e.key === 'n' ? 1 : -1) },
  {
    keys: ['Home', 'End'], label: ['home', 'end'], what: 'to the begin or the end',
    run: (p, e) => p.seek(e.key === 'Home' ? 0 : p.duration),
  },
  {
    keys: [...'0123456789'], label: ['0', '…', '9'], what: 'to a tenth of the session',
    run: (p, e) => p.seek((p.duration * Number(e.key)) / 10),
  },
  {
    keys: [',', '.', '<', '>'],
    label: [',', '.'],
    what: 'slower, faster',
    run: (p, e) => p.changeSpeed(e.key === ',' || e.key === '<' ? -1 : 1),
  },
  { keys: ['i'], label: ['i'], what: 'skip inactivity or not', run: (p) => p.toggleSkip() },
  { keys: ['f'], label: ['f'], what: 'full screen or not', run: (p) => p.toggleFullscreen() },
  { keys: ['/'], label: ['/'], what: 'search in events', run: (p) => p.focusSearch() },
  { keys: ['Escape'], label: ['esc'], what: 'close the details of an event', run: (p) => p.closeDetails() },
  { keys: ['?'], label: ['?'], what: 'this help', run: (p) => p.showHelp() },
];

/** What matters of where a key was pressed. */
export interface KeyTarget {
  /** In the player, or nowhere in particular: keys pressed elsewhere in an application's page are its own. */
  isForPlayer: boolean;
  /** Takes text, or has keys of its own as a list of choices has. */
  takesText: boolean;
  /** Is pressed by the space key itself. */
  takesSpace: boolean;
}

/** Finds what a key does, if anything. */
export function shortcutFor(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented'>,
  target: KeyTarget,
): Shortcut | undefined {
  if (
    !target.isForPlayer
    || event.defaultPrevented
    || event.ctrlKey
    || event.metaKey
    || event.altKey
    || target.takesText
    || (event.key === ' ' && target.takesSpace)
  ) {
    return undefined;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return SHORTCUTS.find((shortcut) => shortcut.keys.includes(key));
}

/** Looks at where a key was pressed. */
export function keyTarget(event: KeyboardEvent, host: HTMLElement): KeyTarget {
  const path = event.composedPath();
  const target = path[0];
  const matches = (selector: string): boolean => target instanceof Element && target.matches(selector);
  return {
    isForPlayer: path.includes(host) || target === document.body || target === document.documentElement,
    takesText: matches('input:not([type=checkbox]):not([type=range]),select,textarea,[contenteditable],dialog *'),
    takesSpace: matches('button,a,summary,input[type=checkbox],[role=tab]'),
  };
}
