import { record } from '@rrweb/record';
import type { CaptureContext, Stop } from './capture.ts';
import type { Root } from './roots.ts';
import { watchCalls } from './wrap.ts';

/** How often the animations of scripts are looked at, while there are any, in ms. */
const LOOK_MS = 250;
/** More at once are an effect, of which a part is as good as all. */
const MAX_ANIMATIONS = 200;
const MAX_KEYFRAMES = 50;
/** Each is asked for its animations. */
const MAX_ROOTS = 2000;

/**
 * Records animations that scripts make (`element.animate`): they leave no trace in the DOM. Those of CSS are in the page's styles. While
 * there are any they are looked at now and then, because what scripts do to them (cancel, pause, finish) has no event.
 */
export class ScriptAnimations {
  private readonly ids = new WeakMap<Animation, number>();
  /** By id, what was last said of it. */
  private known = new Map<number, string>();
  private readonly watched = new WeakSet<Root>();
  private roots: WeakRef<Root>[] = [];
  private readonly stops: Stop[] = [];
  private nextId = 1;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isStopped = false;

  constructor(
    private readonly context: CaptureContext,
    private readonly emit: (tag: string, payload: object) => void,
  ) {}

  /** Watches a document or shadow root that has come into the recording. */
  watch(root: Root): void {
    if (this.watched.has(root) || typeof root.getAnimations !== 'function' || this.roots.length >= MAX_ROOTS) {
      return;
    }
    this.watched.add(root);
    this.roots.push(new WeakRef(root));
    const view = (root as Document).defaultView as (Window & typeof globalThis) | null | undefined;
    if (view) {
      this.patchView(view);
    }
  }

  /** Says all again: after a full snapshot. */
  report(): void {
    this.known.clear();
    this.look();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.stops.forEach((stop) => stop());
  }

  private patchView(view: Window & typeof globalThis): void {
    const look = () => ({ done: () => this.lookSoon(0) });
    const report = (error: unknown): void => this.context.failures.report('animations', error);
    const stops = [watchCalls(view.Element.prototype, 'animate', look, report), watchCalls(view.Animation.prototype, 'play', look, report)];
    if (view === window) {
      // A frame's own functions end with the frame.
      this.stops.push(...stops);
    }
  }

  private lookSoon(ms: number): void {
    if (ms === 0) {
      clearTimeout(this.timer);
      this.timer = undefined;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.context.failures.guard('animations', () => this.look(), undefined);
    }, ms);
  }

  private look(): void {
    if (this.isStopped) {
      return;
    }
    const now = new Map<number, string>();
    const set: object[] = [];
    for (const animation of this.current()) {
      const id = this.ids.get(animation) ?? this.nextId++;
      this.ids.set(animation, id);
      const described = describe(animation);
      if (!described) {
        continue;
      }
      const { time, ...lasting } = described;
      // A running animation's time goes on by itself.
      const text = JSON.stringify(lasting.state === 'running' ? [lasting, animation.startTime] : described);
      now.set(id, text);
      if (this.known.get(id) !== text) {
        set.push({ id, time, ...lasting });
      }
    }
    const gone = [...this.known.keys()].filter((id) => !now.has(id));
    this.known = now;
    if (set.length > 0 || gone.length > 0) {
      this.emit('animations', { set, gone });
    }
    if (now.size > 0) {
      this.lookSoon(LOOK_MS);
    }
  }

  private current(): Animation[] {
    const found: Animation[] = [];
    this.roots = this.roots.filter((known) => known.deref()?.isConnected);
    for (const root of this.roots) {
      for (const animation of root.deref()?.getAnimations() ?? []) {
        if (!('animationName' in animation) && !('transitionProperty' in animation) && found.length < MAX_ANIMATIONS) {
          found.push(animation);
        }
      }
    }
    return found;
  }
}

/** An animation as it is recorded; nothing for what is not of a recorded node. */
function describe(animation: Animation) {
  const effect = animation.effect as KeyframeEffect | null;
  const node = effect?.target ? record.mirror.getId(effect.target) : -1;
  if (!effect || node <= 0 || animation.timeline !== effect.target!.ownerDocument.timeline) {
    return undefined;
  }
  const { duration, delay, endDelay, easing, fill, direction, iterations, iterationStart } = effect.getTiming();
  return {
    node,
    pseudo: effect.pseudoElement ?? undefined,
    keyframes: effect.getKeyframes().slice(0, MAX_KEYFRAMES).map(({ computedOffset, ...frame }) => ({ ...frame, offset: computedOffset })),
    // JSON has no infinity.
    timing: {
      duration: Number(duration) || 0, delay, endDelay, easing, fill, direction, iterations: iterations === Infinity ? -1 : iterations,
      iterationStart,
    },
    composite: effect.composite,
    rate: animation.playbackRate,
    state: animation.playState,
    time: Number(animation.currentTime ?? 0),
  };
}
