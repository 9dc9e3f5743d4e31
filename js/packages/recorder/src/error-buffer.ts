import type { RecordedEvent } from './events.ts';

/** Mode "onError": keeps the events since the full snapshot before the last one, so that what is sent can be played and is bounded in time. */
export class ErrorBuffer {
  private before: RecordedEvent[] = [];
  private events: RecordedEvent[] = [];
  private opened = false;

  constructor(private readonly send: (event: RecordedEvent) => void) {}

  get isOpen(): boolean {
    return this.opened;
  }

  add(event: RecordedEvent): void {
    // rrweb writes a Meta event (type 4) right before each full snapshot.
    if ((event.dom as { type?: number } | undefined)?.type === 4) {
      this.before = this.events;
      this.events = [];
    }
    this.events.push(event);
  }

  open(): void {
    if (this.opened) {
      return;
    }
    this.opened = true;
    [...this.before, ...this.events].forEach(this.send);
    this.before = [];
    this.events = [];
  }
}
