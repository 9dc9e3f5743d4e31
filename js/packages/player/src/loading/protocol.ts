import type { WireEvent } from '@session-replay/format';
import type { Waiting } from '../data/api.ts';
import type { ChunkEvents, DomEvent } from '../data/chunk-events.ts';
import type { EventRow } from '../events/event-rows.ts';
import type { KnownWindow } from './stretches.ts';

/** A chunk for the stage. */
export interface LoadedChunk {
  window: string;
  seq: number;
  /** Bytes of the batch, unpacked. */
  bytes: number;
  /** Its DOM events, as they were recorded. Times are on the server's clock. */
  page: ChunkEvents;
}

/** A problem as data: errors lose their fields on the way from a worker. */
export interface Failure {
  message: string;
  problem?: { status: number; code: string; title: string; detail: string };
}

/** What the page orders. An order with a number is answered by an answer of that number. */
export type Order =
  | { do: 'open'; api: string; session: string }
  /** The manifest has come, or has grown. */
  | { do: 'know'; windows: KnownWindow[]; view: string }
  /** Asks for a chunk that is loaded soon. */
  | { do: 'prepare'; window: string; seq: number }
  /** Loads a chunk for the stage. */
  | { do: 'load'; order: number; window: string; seq: number }
  /** Loads a chunk and lists its events. */
  | { do: 'list'; order: number; window: string; seq: number }
  /** Reads one event of a chunk. */
  | { do: 'read'; order: number; window: string; seq: number; list: EventRow['list']; index: number }
  /** Gives up the chunks that the stage waits for. */
  | { do: 'drop' };

/** What the worker answers. */
export type Answer =
  | { is: 'ready' }
  | { is: 'loaded'; order: number; chunk: LoadedChunk }
  | { is: 'listed'; order: number; rows: EventRow[] }
  | { is: 'read'; order: number; event: WireEvent | DomEvent | undefined }
  | { is: 'superseded'; order: number }
  | { is: 'failed'; order: number; failure: Failure }
  /** What is waited for while a part of the server is unavailable. */
  | { is: 'waiting'; waiting: Omit<Waiting, 'problem'> & { problem: NonNullable<Failure['problem']> } | undefined };
