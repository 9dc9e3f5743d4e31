import type { PbfReader, PbfWriter } from 'pbf';
import type { EventBatch } from '../wire.ts';

export function readEventBatch(pbf: PbfReader, end?: number): EventBatch;
export function writeEventBatch(batch: EventBatch, pbf: PbfWriter): void;
