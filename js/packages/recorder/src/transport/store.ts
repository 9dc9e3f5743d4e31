import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { DATABASE, type StoredBatch } from './stored-batch.ts';

interface Schema extends DBSchema {
  batches: { key: string; value: StoredBatch; indexes: { createdAt: number } };
}

/** The most batches that wait; above it the oldest are given up. */
export const MAX_BATCHES = 300;
const MAX_AGE_MS = 24 * 3600 * 1000;
/** What another page has closed is taken over after this time, … */
const LEFTOVER_AGE_MS = 10_000;
/** … and what it had open after this one: until then it may go on. A page that is hidden is woken once a minute at least. */
const LEFTOVER_OPEN_AGE_MS = 120_000;

/** Keeps unsent batches across reloads and while offline. Where the browser has no IndexedDB they live in memory only. */
export class BatchStore {
  private database: Promise<IDBPDatabase<Schema>> | undefined;

  constructor() {
    try {
      const opening = openDB<Schema>(DATABASE, 1, {
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

  /** Keeps a batch that is still open. */
  async putOpen(batch: StoredBatch): Promise<void> {
    const database = await this.database?.catch(() => undefined);
    await database?.put('batches', { ...batch, isOpen: true, isTaken: false });
  }

  /** Says whether another page has taken over a batch that was kept while it was open. */
  async isTaken(id: string): Promise<boolean> {
    const database = await this.database?.catch(() => undefined);
    try {
      return database !== undefined && (await database.get('batches', id))?.isTaken !== false;
    } catch {
      // A store that fails has lost what it kept: nobody can have taken it.
      return false;
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

  /** Lists what other page loads left behind, oldest first, of this endpoint. */
  async leftovers(endpoint: string, ownWindow: string, now: number): Promise<StoredBatch[]> {
    const database = await this.database?.catch(() => undefined);
    if (!database) {
      return [];
    }
    const all = await database.getAllFromIndex('batches', 'createdAt');
    const stale = all.filter((batch) => now - batch.createdAt > MAX_AGE_MS);
    await Promise.all(stale.map((batch) => database.delete('batches', batch.id)));
    const left = all.filter(
      (batch) =>
        batch.endpoint === endpoint
        && batch.window !== ownWindow
        && now - batch.createdAt > (batch.isOpen ? LEFTOVER_OPEN_AGE_MS : LEFTOVER_AGE_MS)
        && now - batch.createdAt <= MAX_AGE_MS,
    );
    // The page that had them open may only have stood still: it must not go on with them.
    await Promise.all(left.map((batch) => (batch.isOpen ? database.put('batches', { ...batch, isTaken: true }) : undefined)));
    return left;
  }
}
