import type { FromWorker } from './protocol.ts';

/** Makes the report of a failure that hinders nothing else. */
export function failed(where: string, error: unknown): FromWorker {
  return { type: 'failed', where, message: error instanceof Error ? error.message : String(error) };
}
