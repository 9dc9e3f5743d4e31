import { type Fields, isObject, LOADED_FILES, type LoadedFile, objectsOf } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';

/** Kinds of the recorder's own among the DOM events, by tag. */
export type OwnEvent =
  | { tag: 'top-layer'; payload: { open: number[] } }
  | { tag: 'animations'; payload: { set: RecordedAnimation[]; gone: number[] } }
  | { tag: typeof LOADED_FILES; payload: { files: LoadedFile[] } };

/** An animation that a script made. */
export interface RecordedAnimation {
  id: number;
  node: number;
  pseudo: string | undefined;
  keyframes: Keyframe[];
  timing: EffectTiming;
  composite: CompositeOperation;
  rate: number;
  state: 'running' | 'paused' | 'finished';
  /** Ms from its begin, at the time of the event. */
  time: number;
}

const MAX_OPEN = 100;
const MAX_ANIMATIONS = 200;
const MAX_KEYFRAMES = 50;
const MAX_PROPERTIES = 50;
const MAX_FILES = 5000;
const MAX_TEXT = 2000;
const MAX_MS = 1e9;
const PSEUDO = /^::(before|after|marker|backdrop|first-letter|first-line)$/;
/** What is not a property of CSS in a keyframe. */
const OF_A_FRAME = new Set(['offset', 'easing', 'composite']);

/** Brings an event of the recorder's own into its form, in place. Gives false for any other. */
export function shapeOwnEvent(event: DomEvent): boolean {
  const payload = isObject(event.data['payload']) ? event.data['payload'] : {};
  switch (event.data['tag']) {
    case 'top-layer':
      event.data['payload'] = { open: ids(payload['open']).slice(-MAX_OPEN) };
      return true;
    case 'animations':
      event.data['payload'] = {
        set: objectsOf(payload['set'])
          .slice(0, MAX_ANIMATIONS)
          .flatMap((animation) => shapeAnimation(animation) ?? []),
        gone: ids(payload['gone']),
      };
      return true;
    case LOADED_FILES:
      event.data['payload'] = {
        files: objectsOf(payload['files'])
          .slice(0, MAX_FILES)
          .map(({ url, src }) => ({ url: text(url, ''), src: text(src, '') })),
      };
      return true;
    default:
      return false;
  }
}

function shapeAnimation(data: Fields): RecordedAnimation | undefined {
  const timing = isObject(data['timing']) ? data['timing'] : {};
  const [id] = ids([data['id']]);
  const [node] = ids([data['node']]);
  if (id === undefined || node === undefined) {
    return undefined;
  }
  const iterations = number(timing['iterations'], -1, MAX_MS, 1);
  return {
    id,
    node,
    pseudo: typeof data['pseudo'] === 'string' && PSEUDO.test(data['pseudo']) ? data['pseudo'] : undefined,
    keyframes: objectsOf(data['keyframes']).slice(0, MAX_KEYFRAMES).map(shapeKeyframe),
    timing: {
      duration: number(timing['duration'], 0, MAX_MS, 0),
      delay: number(timing['delay'], -MAX_MS, MAX_MS, 0),
      endDelay: number(timing['endDelay'], -MAX_MS, MAX_MS, 0),
      easing: text(timing['easing'], 'linear'),
      fill: oneOf(timing['fill'], ['none', 'forwards', 'backwards', 'both']),
      direction: oneOf(timing['direction'], ['normal', 'reverse', 'alternate', 'alternate-reverse']),
      iterations: iterations < 0 ? Infinity : iterations,
      iterationStart: number(timing['iterationStart'], 0, MAX_MS, 0),
    },
    composite: oneOf(data['composite'], ['replace', 'add', 'accumulate']),
    rate: number(data['rate'], -1000, 1000, 1),
    state: oneOf(data['state'], ['running', 'paused', 'finished']),
    time: number(data['time'], -MAX_MS, MAX_MS, 0),
  };
}

function shapeKeyframe(frame: Fields): Keyframe {
  const properties = Object.entries(frame).slice(0, MAX_PROPERTIES)
    .filter(([name, value]) => !OF_A_FRAME.has(name) && name !== '__proto__' && typeof value === 'string');
  return {
    ...Object.fromEntries(properties) as Record<string, string>,
    offset: number(frame['offset'], 0, 1, 0),
    easing: text(frame['easing'], 'linear'),
    composite: oneOf(frame['composite'], ['auto', 'replace', 'add', 'accumulate']),
  };
}

function ids(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((id): id is number => Number.isSafeInteger(id) && (id as number) > 0) : [];
}

function number(value: unknown, min: number, max: number, otherwise: number): number {
  return typeof value === 'number' && value >= min && value <= max ? value : otherwise;
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : otherwise;
}

/** The value where it is one of those, else the first. */
function oneOf<const T extends string>(value: unknown, values: readonly [T, ...T[]]): T {
  return values.find((known) => known === value) ?? values[0];
}
