import type { Order } from './protocol.ts';
import { receiver } from './receiver.ts';

/** The worker of the player: fetches, unpacks and decodes, off the page's thread. */
const scope = self as unknown as {
  postMessage: (message: unknown, transfer?: Transferable[]) => void;
  onmessage: ((event: MessageEvent<Order>) => void) | null;
};
const receive = receiver((answer, transfer = []) => scope.postMessage(answer, transfer));
scope.onmessage = ({ data }) => receive(data);
