import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Target } from './protocol.ts';

/** A batch that has not been acknowledged. */
export interface StoredBatch extends Target {
  id: string;
  seq: number;
  createdAt: number;
  /** How many events it holds. */
  events: number;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Schema extends DBSchema {
  batches: { key: string; value: StoredBatch; indexes: { createdAt: number } };
}

/** The most batches that wait; above it the oldest are given up. */
export const MAX_BATCHES = 300;
const MAX_AGE_MS = 24 * 3600 * 1000;

/** Names a batch for ever. */
export type BatchName = Pick<StoredBatch, 'id' | 'window' | 'seq'>;

/** Makes a batch of its encoded and compressed bytes. */
export function storedBatch({ endpoint, writeKey, session, window }: Target, seq: number, events: number, bytes: Uint8Array<ArrayBuffer>): StoredBatch {
  return { endpoint, writeKey, session, window, id: `${session}/${window}/${seq}`, seq, createdAt: Date.now(), events, bytes };
}

/** Gives the address that a batch is posted to now. */
export function batchUrl({ endpoint, writeKey }: Target): string {
  return `${endpoint}/v1/batches?key=${encodeURIComponent(writeKey)}&sent=${Date.now()}`;
}

/** Keeps unsent batches across reloads and while offline. Where the browser has no IndexedDB they live in memory only. */
export class BatchStore {
  private database: Promise<IDBPDatabase<Schema>> | undefined;

  constructor() {
    try {
      this.database = openDB<Schema>('session-replay', 1, {
        upgrade: (database) => {
          database.createObjectStore('batches', { keyPath: 'id' }).createIndex('createdAt', 'createdAt');
        },
      });
      this.database.catch(() => (this.database = undefined));
    } catch {
      this.database = undefined;
    }
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
    return all.filter((batch) =>
      batch.endpoint === endpoint && batch.window !== ownWindow && now - batch.createdAt > olderThanMs && now - batch.createdAt <= MAX_AGE_MS);
  }

  async clear(): Promise<void> {
    const database = await this.database?.catch(() => undefined);
    await database?.clear('batches');
  }
}
