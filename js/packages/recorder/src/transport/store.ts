import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { frameUpload } from '@session-replay/format';
import type { Target } from './protocol.ts';

/** A batch that has not been acknowledged. */
export interface StoredBatch extends Omit<Target, 'secret'> {
  id: string;
  seq: number;
  createdAt: number;
  /** How many events it holds. */
  events: number;
  /** The body of the upload: the session's secret, then the batch. */
  bytes: Uint8Array<ArrayBuffer>;
}

interface Schema extends DBSchema {
  batches: { key: string; value: StoredBatch; indexes: { createdAt: number } };
}

/** The most batches that wait; above it the oldest are given up. */
export const MAX_BATCHES = 300;
const MAX_AGE_MS = 24 * 3600 * 1000;

const NAME = 'session-replay';

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
  batch: Uint8Array,
): StoredBatch {
  const bytes = frameUpload(secret, batch);
  return { endpoint, writeKey, session, window, id: batchId({ session, window }, seq), seq, createdAt: Date.now(), events, bytes };
}

/** Gives the address that a batch is posted to now. */
export function batchUrl({ endpoint, writeKey }: Pick<Target, 'endpoint' | 'writeKey'>): string {
  return `${endpoint}/v1/batches?key=${encodeURIComponent(writeKey)}&sent=${Date.now()}`;
}

/** Keeps unsent batches across reloads and while offline. Where the browser has no IndexedDB they live in memory only. */
export class BatchStore {
  private database: Promise<IDBPDatabase<Schema>> | undefined;

  constructor() {
    try {
      const opening = openDB<Schema>(NAME, 1, {
        upgrade: (database) => {
          database.createObjectStore('batches', { keyPath: 'id' }).createIndex('createdAt', 'createdAt');
        },
        // It is being erased: from now on nothing is kept.
        blocking: () => {
          this.database = undefined;
          void opening.then((database) => database.close());
        },
        terminated: () => (this.database = undefined),
      });
      this.database = opening;
      opening.catch(() => (this.database = undefined));
    } catch {
      this.database = undefined;
    }
  }

  /** Erases all that this origin keeps, also if another tab has it open. */
  static erase(): Promise<void> {
    return deleteDB(NAME);
  }

  /** Keeps a batch. Gives the old ones that had to go to make room; undefined where nothing can be kept. */
  async put(batch: StoredBatch): Promise<StoredBatch[] | undefined> {
    const database = await this.database?.catch(() => undefined);
    if (!database) {
      return undefined;
    }
    await database.put('batches', batch);
    const surplus = (await database.count('batches')) - MAX_BATCHES;
    if (surplus <= 0) {
      return [];
    }
    const oldest = await database.getAllFromIndex('batches', 'createdAt', undefined, surplus);
    await Promise.all(oldest.map(({ id }) => database.delete('batches', id)));
    return oldest;
  }

  /** Forgets all batches of a session. */
  async removeSession(session: string): Promise<void> {
    const database = await this.database?.catch(() => undefined);
    // "0" comes right after the "/" that ends the session's part of a name.
    await database?.delete('batches', IDBKeyRange.bound(`${session}/`, `${session}0`));
  }

  async remove(id: string): Promise<void> {
    const database = await this.database?.catch(() => undefined);
    await database?.delete('batches', id);
  }

  /** Lists what another page load left behind, oldest first, of this endpoint and older than `olderThanMs`. */
  async leftovers(endpoint: string, ownWindow: string, olderThanMs: number, now: number): Promise<StoredBatch[]> {
    const database = await this.database?.catch(() => undefined);
    if (!database) {
      return [];
    }
    const all = await database.getAllFromIndex('batches', 'createdAt');
    const stale = all.filter((batch) => now - batch.createdAt > MAX_AGE_MS);
    await Promise.all(stale.map((batch) => database.delete('batches', batch.id)));
    return all.filter(
      (batch) =>
        batch.endpoint === endpoint
        && batch.window !== ownWindow
        && now - batch.createdAt > olderThanMs
        && now - batch.createdAt <= MAX_AGE_MS,
    );
  }
}
