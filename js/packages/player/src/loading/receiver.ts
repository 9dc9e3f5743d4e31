import { Loader, type Send } from './loader.ts';
import type { Order } from './protocol.ts';

/** Takes orders for the loader of one session, which the first order opens. */
export function receiver(send: Send): (order: Order) => void {
  let loader: Loader | undefined;
  send({ is: 'ready' });
  return (order) => {
    if (order.do === 'open') {
      loader = new Loader(order.api, order.session, send);
    } else {
      loader?.take(order);
    }
  };
}
