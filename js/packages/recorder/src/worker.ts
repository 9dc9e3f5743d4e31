import { Pipeline } from './transport/pipeline.ts';
import type { ToWorker } from './transport/protocol.ts';

/** The worker: everything between an event and its acknowledgement, off the page's thread. */
const scope = self as unknown as { postMessage: (message: unknown) => void; onmessage: ((event: MessageEvent<ToWorker>) => void) | null };
const pipeline = new Pipeline((message) => scope.postMessage(message));
scope.onmessage = (event) => pipeline.receive(event.data);
