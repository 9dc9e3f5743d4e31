import type { Batcher } from '../batcher.ts';
import type { Failures } from '../failures.ts';
import type { Recovery } from '../recovery.ts';
import { handover } from './handover.ts';
import type { FromWorker } from './protocol.ts';

/** What the Web Worker reports about batches. */
export type BatchReport = Extract<FromWorker, { type: 'kept' | 'acknowledged' | 'refused' | 'givenUp' | 'failed' }>;

/** Reasons for which a batch is refused that hold for its snapshot taken again. */
const TOO_MUCH = new Set(['batch-too-large', 'not-encoded']);

/** Takes in what becomes of the batches of a window, and of those that other pages left behind. */
export class BatchReports {
  constructor(
    private readonly window: string,
    private readonly batcher: Batcher,
    private readonly recovery: Recovery,
    private readonly failures: Failures,
  ) {}

  receive(report: BatchReport): void {
    const isOwn = 'batch' in report && report.batch.window === this.window;
    if ('batch' in report) {
      handover.remove(report.batch.id);
    }
    switch (report.type) {
      case 'kept':
        if (isOwn) {
          this.batcher.keep(report.batch.seq, report.bytes);
        }
        break;
      case 'acknowledged':
        this.recovery.succeeded();
        if (isOwn) {
          this.batcher.settle(report.batch.seq);
        }
        break;
      case 'refused':
        this.failures.report('upload', new Error(`batch ${report.batch.seq} was refused: ${report.code} (${report.status})`));
        if (isOwn) {
          const refused = this.batcher.settle(report.batch.seq);
          // A snapshot that is too large would be so again.
          this.noteLoss(report.events, !(TOO_MUCH.has(report.code) && refused?.hasSnapshot));
        }
        break;
      case 'givenUp':
        this.failures.report('store', new Error(`${report.batches} unsent batches were given up: too many are waiting`));
        if (report.own > 0) {
          this.noteLoss(report.own, true);
        }
        break;
      case 'failed':
        this.failures.report(report.where, new Error(report.message));
        break;
    }
  }

  private noteLoss(events: number, snapshot: boolean): void {
    this.batcher.addLost(events);
    if (snapshot) {
      this.batcher.awaitSnapshot();
      this.recovery.lost(Date.now());
    }
  }
}
