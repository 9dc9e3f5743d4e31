import { ApiProblem } from '../data/api-problem.ts';
import { GREETING, VERSION, readAnswer, type Answer, type Order, type Reply } from './protocol.ts';
import { SignsOfLife } from './signs-of-life.ts';

const LOAD_MS = 30_000;
/** The stage greets before its frame has loaded; from another process the greeting may come a little later. */
const GREETING_MS = 3000;
/** The stage answers some times a second: one that floods the player with answers is as bad as one that gives none. */
const MAX_ANSWERS = 2000;
const ANSWERS_MS = 1000;

/** An order that is answered by a reply. */
export type Asked<T extends Order['do']> = Omit<Order & { do: T }, 'order'>;

/** What a frame reports. */
export interface FrameEvents {
  onAnswer: (answer: Exclude<Answer, Reply>) => void;
  /** It gives no sign of life any more, or too many. */
  onLost: () => void;
}

/** The frame with the stage, and the channel to it. Removing it ends its process, where the browser gave it one of its own. */
export class StageFrame {
  private readonly replies = new Map<number, (reply: Reply | undefined) => void>();
  private readonly life: SignsOfLife;
  private order = 0;
  private answers = 0;
  private counting = 0;
  private focused = deepActiveElement();

  private constructor(
    private readonly frame: HTMLIFrameElement,
    private readonly port: MessagePort,
    private readonly events: FrameEvents,
    isPatient: boolean,
  ) {
    this.life = new SignsOfLife(() => this.send({ do: 'look' }), () => !isPatient && this.lose());
    port.onmessage = (event: MessageEvent<unknown>) => this.take(event.data);
    addEventListener('focusin', this.noteFocus);
    addEventListener('blur', this.giveFocusBack);
  }

  /**
   * Loads the stage.
   * @param isPatient Whether to wait for however long it is busy.
   * @returns undefined when the signal aborted it.
   * @throws ApiProblem when it does not come, or another page comes in its place.
   */
  static async open(
    root: HTMLElement,
    url: string,
    events: FrameEvents,
    isPatient: boolean,
    signal: AbortSignal,
  ): Promise<StageFrame | undefined> {
    const frame = document.createElement('iframe');
    frame.title = 'The recorded page';
    frame.tabIndex = -1;
    const greeted = greetingOf(frame, signal);
    frame.src = url;
    root.replaceChildren(frame);
    const version = await greeted;
    if (signal.aborted || version !== VERSION) {
      frame.remove();
      if (signal.aborted) {
        return undefined;
      }
      throw version === undefined ? frameProblem() : otherVersion();
    }
    const { port1, port2 } = new MessageChannel();
    // The address is one of the application's own; where it leads to is the application's choice.
    frame.contentWindow!.postMessage(GREETING, '*', [port2]);
    return new StageFrame(frame, port1, events, isPatient);
  }

  /** The document that is shown; null where the stage is of another origin. */
  get document(): Document | null {
    return this.frame.contentDocument?.querySelector<HTMLIFrameElement>('.page iframe')?.contentDocument ?? null;
  }

  send(order: Order): void {
    // What is fed is not needed here any more.
    this.port.postMessage(order, order.do === 'feed' ? [order.events.block.buffer, order.events.times.buffer] : []);
  }

  /** Orders something; resolves with the reply, or with nothing when the frame is removed before. */
  ask<T extends 'feed' | 'show'>(order: Asked<T>): Promise<Reply | undefined> {
    const number = ++this.order;
    return new Promise((resolve) => {
      this.replies.set(number, resolve);
      this.send({ ...order, order: number } as unknown as Order);
    });
  }

  remove(): void {
    this.life.stop();
    removeEventListener('focusin', this.noteFocus);
    removeEventListener('blur', this.giveFocusBack);
    this.port.close();
    this.frame.remove();
    this.replies.forEach((resolve) => resolve(undefined));
    this.replies.clear();
  }

  private lose(): void {
    this.remove();
    this.events.onLost();
  }

  private take(data: unknown): void {
    this.life.note();
    const now = performance.now();
    if (now - this.counting > ANSWERS_MS) {
      [this.counting, this.answers] = [now, 0];
    }
    if (++this.answers > MAX_ANSWERS) {
      this.lose();
      return;
    }
    const answer = readAnswer(data);
    if (answer?.is === 'reply') {
      this.replies.get(answer.order)?.(answer);
      this.replies.delete(answer.order);
    } else if (answer) {
      this.events.onAnswer(answer);
    }
  }

  private readonly noteFocus = (): void => {
    const focused = deepActiveElement();
    this.focused = focused === this.frame ? this.focused : focused;
  };

  /** What opens in the recording may take the focus, and with it the viewer's keys. */
  private readonly giveFocusBack = (): void => {
    if (deepActiveElement() === this.frame) {
      this.frame.blur();
      (this.focused as HTMLElement | null)?.focus({ preventScroll: true });
    }
  };
}

/** Waits for the stage to say its version; undefined when something else has loaded. */
function greetingOf(frame: HTMLIFrameElement, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (version?: number): void => {
      over.abort();
      resolve(version);
    };
    const until = AbortSignal.any([signal, over.signal]);
    AbortSignal.any([signal, AbortSignal.timeout(LOAD_MS)]).addEventListener('abort', () => end(), { signal: over.signal });
    frame.addEventListener('load', () => setTimeout(end, GREETING_MS), { signal: until });
    addEventListener(
      'message',
      ({ source, data }: MessageEvent<unknown>) => {
        const version =
          source === frame.contentWindow && typeof data === 'object' && data !== null
            ? (data as Record<string, unknown>)[GREETING]
            : undefined;
        if (typeof version === 'number') {
          end(version);
        }
      },
      { signal: until },
    );
  });
}

/** The problem that the recorded page's frame did not come. */
export function frameProblem(): ApiProblem {
  return new ApiProblem(
    0, 'frame-unavailable', 'The recorded page cannot be shown.',
    'Its frame (replay-stage and replay-frame, beside the playback API) did not load. The page must allow frames of its own origin '
    + 'and of the replay origin (frame-src), and no proxy may forbid framing.');
}

function otherVersion(): ApiProblem {
  return new ApiProblem(
    0,
    'stage-version',
    'The recorded page cannot be shown.',
    'The player and its stage are of different versions: use the same version of SessionReplay.Player and SessionReplay.AspNetCore, '
    + 'and load this page again.',
  );
}

function deepActiveElement(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) {
    element = element.shadowRoot.activeElement;
  }
  return element;
}
