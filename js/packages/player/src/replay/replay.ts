import { parseEvents } from '../data/chunk-events.ts';
import { MAX_NOTE, MAX_NOTES, type Answer, type Order, type Result } from '../stage/protocol.ts';
import { AssetUrls } from './asset-urls.ts';
import { FrameMissing, type FrameLoader } from './frame.ts';
import { LoadedFiles } from './loaded-files.ts';
import { ReplayedPage } from './replayed-page.ts';
import { sanitizeEvent } from './sanitize-event.ts';

/** How often the player hears of a page that plays, in ms. */
const REPORT_MS = 250;

/** Does what the player orders: one page is shown, and the next one collected until it takes its place. */
export class Replay {
  private shown: ReplayedPage | undefined;
  private next: ReplayedPage | undefined;
  private speed = 1;
  /** Counts what begins again: what was begun before is superseded. */
  private round = 0;
  private noted = '';
  private readonly assets = new AssetUrls();
  private readonly files = new LoadedFiles();

  constructor(
    private readonly frame: FrameLoader,
    private readonly answer: (answer: Answer) => void,
  ) {
    setInterval(() => this.report(), REPORT_MS);
    // It loads while the events do. A problem with it is met when it is needed.
    this.frame.ready().catch(() => undefined);
  }

  take(order: Order): void {
    switch (order.do) {
      case 'look':
        this.answer({ is: 'alive' });
        break;
      case 'open':
        this.round++;
        this.next = this.create(order.page);
        break;
      case 'feed':
        this.feed(order);
        break;
      case 'show':
        void this.show(order);
        break;
      case 'pause':
        this.shown?.pause();
        break;
      case 'speed':
        this.speed = order.speed;
        this.shown?.setSpeed(order.speed);
        break;
      case 'close':
        this.close();
    }
  }

  private create(id: number): ReplayedPage {
    const page: ReplayedPage = new ReplayedPage(id, this.files, {
      onResize: (width, height) => this.answer({ is: 'size', width, height }),
      onEnd: (until) => {
        if (page === this.shown) {
          this.answer({ is: 'ended', until });
        }
      },
    });
    return page;
  }

  private find(id: number): ReplayedPage | undefined {
    return [this.next, this.shown].find((page) => page?.id === id);
  }

  private feed({ order, page: id, events: chunk, isContinued }: Order & { do: 'feed' }): void {
    const page = this.find(id);
    try {
      if (page) {
        const events = parseEvents(chunk).filter(sanitizeEvent);
        this.assets.putBack(events, chunk);
        page.feed(events, isContinued);
        this.note(page);
      }
      this.reply(order, page ? 'fed' : 'superseded', page);
    } catch (error) {
      console.warn('Chunk could not be read; leaving it out.', error);
      this.reply(order, 'failed', page);
    }
  }

  private async show({ order, page: id, time, play }: Order & { do: 'show' }): Promise<void> {
    const round = ++this.round;
    try {
      const page = this.find(id);
      const result = page ? await this.bring(page, () => round !== this.round) : 'superseded';
      if (result === 'shown') {
        page!.show(time, play);
        this.note(page!);
      }
      this.reply(order, result, page);
    } catch (error) {
      console.warn('The page could not be shown.', error);
      this.reply(order, error instanceof FrameMissing ? 'no-frame' : 'failed');
    }
  }

  /** Brings a page to where it takes what is shown next. */
  private async bring(page: ReplayedPage, isOver: () => boolean): Promise<Result> {
    if (page.hasBegun) {
      // The replayer takes added events in a microtask.
      await Promise.resolve();
      return isOver() ? 'superseded' : 'shown';
    }
    const frame = await this.frame.ready();
    if (!frame || isOver()) {
      return 'superseded';
    }
    this.shown?.destroy();
    if (!page.begin(frame, this.speed)) {
      this.close();
      return 'nothing';
    }
    [this.shown, this.next] = [page, undefined];
    // A new replayer takes the size of the first page in a timer: it must not come after the sizes that a seek gives.
    await new Promise((resolve) => setTimeout(resolve));
    return isOver() ? 'superseded' : 'shown';
  }

  private close(): void {
    this.round++;
    this.shown?.destroy();
    this.shown = this.next = undefined;
    this.noted = '';
    this.frame.remove();
  }

  private report(): void {
    if (this.shown?.isPlaying) {
      this.answer({ is: 'clock', at: this.shown.at, when: performance.timeOrigin + performance.now() });
      this.note(this.shown);
    }
  }

  /** Says what is to be said of a page, when it has changed. */
  private note({ limited, missingStyles }: ReplayedPage): void {
    const notes: Answer = { is: 'notes', limited, missing: missingStyles.slice(0, MAX_NOTES).map((host) => host.slice(0, MAX_NOTE)) };
    const text = JSON.stringify(notes);
    if (text !== this.noted) {
      this.noted = text;
      this.answer(notes);
    }
  }

  private reply(order: number, result: Result, page?: ReplayedPage): void {
    this.answer({ is: 'reply', order, result, from: page?.from ?? 0, isPlaying: page?.isPlaying ?? false });
  }
}
