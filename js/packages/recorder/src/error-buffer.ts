import { META } from '@session-replay/format';
import type { RecordedEvent } from './events.ts';

/** Events since a full snapshot above which a new one is asked for, so that memory is bounded also where very much happens. */
const MAX_EVENTS = 10_000;

/**
 * Mode "onError": keeps the events since the full snapshot before the last one, so that what is sent can be played and is bounded in time
 * and number. The user is kept however long ago it was set.
 */
export class ErrorBuffer {
  private before: RecordedEvent[] = [];
  private events: RecordedEvent[] = [];
  private user: RecordedEvent | undefined;
  private asked = false;
  private opened = false;

  constructor(
    private readonly send: (event: RecordedEvent) => void,
    private readonly askForSnapshot: () => void,
  ) {}

  get isOpen(): boolean {
    return this.opened;
  }

  add(event: RecordedEvent): void {
    if (event.identify) {
      this.user = event;
      return;
    }
    // rrweb writes a Meta event right before each full snapshot.
    if ((event.dom as { type?: number } | undefined)?.type === META) {
      this.before = this.events;
      this.events = [];
      this.asked = false;
    }
    this.events.push(event);
    if (this.events.length > MAX_EVENTS && !this.asked) {
      this.asked = true;
      this.askForSnapshot();
    } else if (this.events.length > 2 * MAX_EVENTS) {
      // There was no snapshot, for instance because the page is blocked: the oldest go.
      this.events.splice(0, MAX_EVENTS);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.before = [];
    this.events = [];
    this.user = undefined;
  }

  open(): void {
    if (this.opened) {
      return;
    }
    this.opened = true;
    const kept = [...this.before, ...this.events];
    if (this.user) {
      // Reported again, at the time of what it goes with.
      kept.unshift({ ...this.user, time: kept[0]?.time ?? this.user.time });
    }
    kept.forEach(this.send);
    this.before = [];
    this.events = [];
  }
}
