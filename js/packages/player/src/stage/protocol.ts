import { isObject } from '@session-replay/format';
import type { ChunkEvents } from '../data/chunk-events.ts';
import { MAX_SIDE } from '../data/values.ts';

/** Begins the connection: the stage says it to its parent, which answers with one end of a channel. */
export const GREETING = 'session-replay-stage';
/** Changes with any change of the orders or answers: the player and the stage come from two packages. */
export const VERSION = 1;

/** What the player orders. A page is numbered; an order with a number is answered by a reply of that number. */
export type Order =
  | { do: 'look' }
  | { do: 'open'; page: number }
  | { do: 'feed'; order: number; page: number; events: ChunkEvents; isContinued: boolean }
  | { do: 'show'; order: number; page: number; time: number; play: boolean }
  | { do: 'pause' }
  | { do: 'speed'; speed: number }
  | { do: 'close' };

/** What came of an order. */
export type Result = (typeof RESULTS)[number];
const RESULTS = ['fed', 'shown', 'nothing', 'superseded', 'no-frame', 'failed'] as const;

/** An answer to an order. */
export interface Reply {
  is: 'reply';
  order: number;
  result: Result;
  /** The first moment that the page can be shown at. */
  from: number;
  isPlaying: boolean;
}

/** What the stage answers. Its process runs what recordings contain: nothing of it is believed beyond its form. */
export type Answer =
  | { is: 'alive' }
  | Reply
  | { is: 'size'; width: number; height: number }
  /** Where the replayer's clock is, and when that was on the clock of the machine. */
  | { is: 'clock'; at: number; when: number }
  /** The replayer has played all that it was fed. */
  | { is: 'ended'; until: number }
  /** What was left out of the page, and the hosts whose stylesheets are missing. */
  | { is: 'notes'; limited: string[]; missing: string[] };

/** The number of hosts in a note, and the length of each in characters. */
export const MAX_NOTES = 20;
export const MAX_NOTE = 300;
const LIMITED = ['elements', 'styles', 'filters', 'drawings'];

/** Reads an answer; undefined for what has no form of one. */
export function readAnswer(data: unknown): Answer | undefined {
  if (!isObject(data)) {
    return undefined;
  }
  switch (data['is']) {
    case 'alive':
      return { is: 'alive' };
    case 'reply': {
      const result = RESULTS.find((known) => known === data['result']);
      return result && isNumber(data['order']) && isNumber(data['from'])
        ? { is: 'reply', order: data['order'], result, from: data['from'], isPlaying: data['isPlaying'] === true } : undefined;
    }
    case 'size':
      return isSide(data['width']) && isSide(data['height']) ? { is: 'size', width: data['width'], height: data['height'] } : undefined;
    case 'clock':
      return isNumber(data['at']) && isNumber(data['when']) ? { is: 'clock', at: data['at'], when: data['when'] } : undefined;
    case 'ended':
      return isNumber(data['until']) ? { is: 'ended', until: data['until'] } : undefined;
    case 'notes': {
      const [limited, missing] = [notes(data['limited']), notes(data['missing'])];
      return limited && missing ? { is: 'notes', limited: limited.filter((word) => LIMITED.includes(word)), missing } : undefined;
    }
    default:
      return undefined;
  }
}

/** Reads an order; undefined for what has no form of one. */
export function readOrder(data: unknown): Order | undefined {
  if (!isObject(data)) {
    return undefined;
  }
  const { page, order } = data;
  switch (data['do']) {
    case 'look': case 'pause': case 'close':
      return { do: data['do'] };
    case 'open':
      return isNumber(page) ? { do: 'open', page } : undefined;
    case 'feed':
      return isNumber(order) && isNumber(page) && isChunkEvents(data['events'])
        ? { do: 'feed', order, page, events: data['events'], isContinued: data['isContinued'] === true } : undefined;
    case 'show':
      return isNumber(order) && isNumber(page) && isNumber(data['time'])
        ? { do: 'show', order, page, time: data['time'], play: data['play'] === true }
        : undefined;
    case 'speed':
      return isNumber(data['speed']) && data['speed'] > 0 && data['speed'] <= 16 ? { do: 'speed', speed: data['speed'] } : undefined;
    default:
      return undefined;
  }
}

function isChunkEvents(value: unknown): value is ChunkEvents {
  return isObject(value) && value['block'] instanceof Uint8Array && value['times'] instanceof Float64Array
    && isMap(value['sheets'], (sheet) => sheet instanceof Uint8Array) && isMap(value['assets'], (asset) => asset instanceof Blob);
}

function isMap(map: unknown, isValue: (value: unknown) => boolean): boolean {
  return map instanceof Map && [...(map as Map<unknown, unknown>)].every(([key, value]) => typeof key === 'string' && isValue(value));
}

function notes(list: unknown): string[] | undefined {
  return Array.isArray(list) && list.length <= MAX_NOTES && list.every((text) => typeof text === 'string' && text.length <= MAX_NOTE)
    ? [...(list as string[])]
    : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isSide(value: unknown): value is number {
  return isNumber(value) && value >= 1 && value <= MAX_SIDE;
}
