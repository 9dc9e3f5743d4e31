import type { PageContext } from '@session-replay/format';
import type { BatchName, StoredBatch } from './stored-batch.ts';

/** Where batches go and under which names. */
export interface Target {
  endpoint: string;
  writeKey: string;
  session: string;
  /** The session's secret: goes in front of each batch. */
  secret: string;
  window: string;
  /** The most bytes of one upload. */
  maxBytes: number;
  /** The page's origin, when its images and fonts are to be kept. */
  assetsOf?: string;
}

/** What is known of a batch when it is opened. The page numbers batches, so that it knows at any time which events are in none. */
export interface BatchStart {
  seq: number;
  /** Random: the encodings of a batch, by the worker, by the page, and of what was kept of it before it was closed, are one batch. */
  id: number;
  page?: PageContext;
}

/** Closes a batch: all events since the last cut are one batch. */
export interface Cut extends BatchStart {
  last: boolean;
  lost: number;
}

/** What the page sends to the Web Worker. */
export type ToWorker =
  | { type: 'start'; target: Target }
  /** Events of the open batch, as JSON. */
  | { type: 'events'; start: BatchStart; events: string[] }
  | { type: 'cut'; cut: Cut }
  /** Files that the page has loaded. */
  | { type: 'loaded'; urls: string[] }
  | { type: 'leftover'; batch: StoredBatch }
  /** A value that was typed into a secret field: it is hidden wherever else it stands. */
  | { type: 'secret'; value: string }
  /** No more comes: what there is is sent, and then it is done. */
  | { type: 'end' }
  /** The open events were sent by the page itself. */
  | { type: 'discard' }
  | { type: 'flush' }
  | { type: 'forget' };

/** What the Web Worker reports to the page. */
export type FromWorker =
  | { type: 'ready' }
  /** So many characters of the open batch of this number are about so many bytes compressed. */
  | { type: 'weighed'; seq: number; characters: number; bytes: number }
  /** The open batch of this number is large enough to be closed. */
  | { type: 'full'; seq: number }
  /** Somebody watches the session at this moment, or nobody does any more. */
  | { type: 'live'; isLive: boolean }
  /** The batch outlives this page: it is in the browser's store, and is sent sooner or later. */
  | { type: 'kept'; batch: BatchName; bytes: number }
  | { type: 'acknowledged'; batch: BatchName }
  | { type: 'refused'; batch: BatchName; status: number; code: string; events: number }
  /** Too many batches are waiting: the oldest were given up, with so many events of this window. */
  | { type: 'givenUp'; batches: number; own: number }
  | { type: 'ended'; code: string }
  /** Nothing is left to be done: the worker can go. */
  | { type: 'done' }
  | { type: 'failed'; where: string; message: string };
