import { Pipeline } from './pipeline.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** Makes what takes the messages of a page: the first begins a pipeline, all others go to it. */
export function receiver(report: (message: FromWorker) => void, fetchApi?: typeof fetch): (message: ToWorker) => void {
  let pipeline: Pipeline | undefined;
  return (message) => {
    if (message.type === 'start') {
      pipeline = new Pipeline(message.target, report, fetchApi);
    } else {
      pipeline?.receive(message);
    }
  };
}
