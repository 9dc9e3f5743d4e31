import type { WireEvent } from '@session-replay/format';

/** An event as the page hands it to the worker: a DOM event is still the object that rrweb made, which the worker writes as columns. */
export type RecordedEvent = WireEvent & { dom?: object };

/** Takes what the capturing parts record. */
export type Emit = (event: RecordedEvent) => void;
