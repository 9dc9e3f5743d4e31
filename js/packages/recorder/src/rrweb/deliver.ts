import { admission } from '../capture/admission.ts';
import { takeObserver } from '../natives.ts';
import { callbackWrapper } from './errors.ts';
import { MutationBuffer, type BufferOptions } from './mutation-buffer.ts';

/** What is collected of all documents and shadow roots. */
export const mutationBuffers = new Set<MutationBuffer>();

/** Observes what changes in a document or shadow root, in place of rrweb's. Gives what ends it, and nothing else to be done. */
export function initMutationObserver(options: BufferOptions, root: Node): [observer: { disconnect: () => void }, cleanup: () => void] {
  const buffer = new MutationBuffer(options);
  const Observer = takeObserver() as typeof MutationObserver;
  buffer.observer = new Observer(callbackWrapper((records: MutationRecord[]) => deliver(buffer, records)));
  mutationBuffers.add(buffer);
  buffer.observer.observe(root, {
    attributes: true, attributeOldValue: true, characterData: true, characterDataOldValue: true, childList: true, subtree: true,
  });
  const disconnect = (): void => {
    buffer.observer.disconnect();
    mutationBuffers.delete(buffer);
  };
  return [{ disconnect }, () => undefined];
}

/**
 * Records what has changed in all documents and shadow roots until now. A node that went from one into another leaves first: after it has
 * arrived, its removal would be that of what is there now.
 * @param called The one whose observer was called, with these records.
 */
function deliver(called: MutationBuffer, records: MutationRecord[]): void {
  admission().atOnce(() => {
    const changed: MutationBuffer[] = [];
    for (const buffer of mutationBuffers) {
      const own = buffer === called ? records : buffer.observer.takeRecords();
      if (own.length > 0) {
        own.forEach((record) => buffer.processMutation(record));
        changed.push(buffer);
      }
    }
    if (changed.length > 1) {
      changed.forEach((buffer) => buffer.leave(changed));
    }
    changed.forEach((buffer) => buffer.emit());
  });
}
