import type { Target } from './protocol.ts';

/** The name of the database in the browser's store. */
export const DATABASE = 'session-replay';

/** A batch that has not been acknowledged. */
export interface StoredBatch extends Omit<Target, 'maxBytes' | 'assetsOf'> {
  id: string;
  seq: number;
  createdAt: number;
  /** How many events it holds. */
  events: number;
  /** The batch was still open: its page writes it again, as long as it lives. */
  isOpen?: boolean;
  /** Whether another page has taken over what was open. */
  isTaken?: boolean;
  /** The bytes are the events as JSON, and have to be encoded. */
  isRaw?: boolean;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Names a batch for ever. */
export type BatchName = Pick<StoredBatch, 'id' | 'window' | 'seq'>;

/** Gives the name of a batch. */
export function batchId({ session, window }: Pick<Target, 'session' | 'window'>, seq: number): string {
  return `${session}/${window}/${seq}`;
}

/** Makes a batch of its encoded and compressed bytes. */
export function storedBatch(
  { endpoint, writeKey, session, secret, window }: Target,
  seq: number,
  events: number,
  bytes: Uint8Array<ArrayBuffer>,
  createdAt: number = Date.now(),
): StoredBatch {
  return { endpoint, writeKey, session, secret, window, id: batchId({ session, window }, seq), seq, createdAt, events, bytes };
}

/** Gives the address that batches are posted to now. */
export function batchUrl({ endpoint, writeKey }: Pick<Target, 'endpoint' | 'writeKey'>): string {
  return `${endpoint}/v1/batches?key=${encodeURIComponent(writeKey)}&sent=${Date.now()}`;
}

/** Erases all that this origin keeps, also if another tab has it open. */
export function eraseBatches(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('the database was not deleted'));
  });
}
