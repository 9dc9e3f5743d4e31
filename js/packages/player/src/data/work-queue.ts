/** Work that was given up before it began: something else is wanted by now. */
export class Superseded extends Error {}

/** `now`: the viewer waits for it. `later`: loaded while there is nothing else to do. */
export type Priority = 'now' | 'later';

interface Work {
  run: () => void;
  reject: (error: Error) => void;
}

/** Runs a few pieces of work at a time: what is wanted now before what is wanted later, of the first the newest. */
export class WorkQueue {
  private readonly now: Work[] = [];
  private readonly later: Work[] = [];
  private running = 0;

  constructor(private readonly concurrency: number) {}

  add<T>(priority: Priority, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this[priority].push({ run: () => void work().then(resolve, reject).finally(() => this.next(-1)), reject });
      this.next(0);
    });
  }

  /** Gives up what waits to be run now: the viewer has moved on. */
  drop(): void {
    this.now.splice(0).forEach((work) => work.reject(new Superseded('Given up before it began.')));
  }

  private next(change: number): void {
    this.running += change;
    while (this.running < this.concurrency) {
      // One place is kept free of work for later, so that the viewer never waits behind it.
      const work = this.now.pop() ?? (this.running < this.concurrency - 1 ? this.later.shift() : undefined);
      if (!work) {
        return;
      }
      this.running++;
      work.run();
    }
  }
}
