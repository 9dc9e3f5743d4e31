import { chunkKey } from '../data/chunk-error.ts';
import type { EventRow } from './event-rows.ts';

/** The rows of the chunks that were loaded, within a bound: those furthest from the playhead go first. */
export class RowStore {
  private readonly byChunk = new Map<string, EventRow[]>();
  private sorted: EventRow[] | undefined = [];
  private count = 0;

  constructor(private readonly maxRows = 150_000) {}

  /** All rows, in order of time. The same array until something was added. */
  get rows(): EventRow[] {
    this.sorted ??= [...this.byChunk.values()].flat().sort((a, b) => a.time - b.time);
    return this.sorted;
  }

  has(window: string, seq: number): boolean {
    return this.byChunk.has(chunkKey(window, seq));
  }

  /** Adds the rows of a chunk. */
  add(window: string, seq: number, rows: EventRow[], playhead: number): void {
    const key = chunkKey(window, seq);
    if (this.byChunk.has(key)) {
      return;
    }
    this.byChunk.set(key, rows);
    this.count += rows.length;
    this.sorted = undefined;
    while (this.count > this.maxRows && this.byChunk.size > 1) {
      this.dropFurthest(playhead);
    }
  }

  private dropFurthest(playhead: number): void {
    let furthest = '';
    let distance = -1;
    for (const [key, rows] of this.byChunk) {
      const away = Math.abs((rows[0]?.time ?? playhead) - playhead);
      if (away > distance) {
        [furthest, distance] = [key, away];
      }
    }
    this.count -= this.byChunk.get(furthest)!.length;
    this.byChunk.delete(furthest);
  }
}
