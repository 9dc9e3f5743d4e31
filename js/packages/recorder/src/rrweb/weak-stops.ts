import type { Stop } from '../capture/capture.ts';
import { report } from './errors.ts';

/** What has to be undone at parts of a page (a frame's document, a shadow root), without keeping any of them alive. */
export class WeakStops {
  private readonly stops = new WeakMap<object, Stop[]>();
  private parts = new Set<WeakRef<object>>();
  private sweepAt = 100;

  /** Says whether there is something to be undone at a part. */
  has(part: object): boolean {
    return this.stops.has(part);
  }

  /** Adds what has to be undone at a part. */
  add(part: object, stop: Stop): void {
    const known = this.stops.get(part);
    if (known) {
      known.push(stop);
      return;
    }
    this.stops.set(part, [stop]);
    this.parts.add(new WeakRef(part));
    if (this.parts.size > this.sweepAt) {
      this.parts = new Set([...this.parts].filter((ref) => ref.deref()));
      this.sweepAt = this.parts.size * 2 + 100;
    }
  }

  /** Undoes all at one part. */
  stop(part: object): void {
    const stops = this.stops.get(part);
    this.stops.delete(part);
    stops?.forEach((stop) => {
      try {
        stop();
      } catch (error) {
        report(error);
      }
    });
  }

  /** Undoes all. */
  stopAll(): void {
    const parts = this.parts;
    this.parts = new Set();
    parts.forEach((ref) => {
      const part = ref.deref();
      if (part) {
        this.stop(part);
      }
    });
  }
}
