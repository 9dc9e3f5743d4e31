import type { ToWorker } from './transport/protocol.ts';
import { receiver } from './transport/receiver.ts';

/** The worker: everything between an event and its acknowledgement, off the page's thread. */
const scope = self as unknown as { postMessage: (message: unknown) => void; onmessage: ((event: MessageEvent<ToWorker>) => void) | null };
const receive = receiver((message) => scope.postMessage(message));
scope.onmessage = ({ data }) => receive(data);
