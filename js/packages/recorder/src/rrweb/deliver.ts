interface Removal {
  id: number;
}

/** What rrweb collects of one document or shadow root. */
interface Buffer {
  observer: MutationObserver;
  mirror: { getNode: (id: number) => Node | null };
  frozen: boolean;
  locked: boolean;
  removes: Removal[];
  mapRemoves: Node[];
  movedSet: Set<Node>;
  processMutation: (record: MutationRecord) => void;
  emit: () => void;
  mutationCb: (change: object) => void;
}

/**
 * Records what has changed in all documents and shadow roots until now. A node that went from one into another leaves first: after it has
 * arrived, its removal would be that of what is there now.
 * @param buffers All of them.
 * @param called The one whose observer was called, with these records.
 */
export function deliver(buffers: Iterable<Buffer>, called: Buffer, records: MutationRecord[]): void {
  const changed: Buffer[] = [];
  for (const buffer of buffers) {
    const own = buffer === called ? records : buffer.observer.takeRecords();
    if (own.length > 0) {
      own.forEach(buffer.processMutation);
      changed.push(buffer);
    }
  }
  for (const buffer of changed) {
    if (!buffer.frozen && !buffer.locked) {
      leave(buffer, changed);
    }
  }
  changed.forEach((buffer) => buffer.emit());
}

function leave(buffer: Buffer, changed: Buffer[]): void {
  const gone = new Set<Node>();
  const removes = buffer.removes.filter(({ id }) => {
    const node = buffer.mirror.getNode(id);
    const isElsewhere = node !== null && changed.some((other) => other !== buffer && other.movedSet.has(node));
    if (isElsewhere) {
      gone.add(node);
    }
    return isElsewhere;
  });
  if (removes.length > 0) {
    buffer.removes = buffer.removes.filter((removal) => !removes.includes(removal));
    buffer.mapRemoves = buffer.mapRemoves.filter((node) => !gone.has(node));
    buffer.mutationCb({ texts: [], attributes: [], removes, adds: [] });
  }
}
