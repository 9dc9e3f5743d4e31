/** What the worker does, for pages in which none can start. They load it as a module. */
export { receiver } from './transport/receiver.ts';
