/** Lets the animations of a replayed page run while it is played, and holds them while the playhead stands. */
export class Motion {
  private readonly held = new Set<Animation>();
  private frame = 0;

  /**
   * @param document The page that is shown.
   * @param shadowRoots Its shadow roots and those of its frames.
   */
  constructor(
    private readonly document: () => Document | null,
    private readonly shadowRoots: () => ShadowRoot[],
  ) {}

  /** The playhead has jumped: what has an end is at its end. What was held in the middle goes on from there. */
  settle(): void {
    for (const animation of this.running()) {
      if (!this.held.has(animation)) {
        this.finish(animation);
      }
    }
  }

  /** Stops what moves where it is. What begins while the playhead stands is shown at its end. */
  hold(): void {
    cancelAnimationFrame(this.frame);
    this.running().forEach((animation) => this.stop(animation));
    const look = (): void => {
      this.settle();
      this.frame = requestAnimationFrame(look);
    };
    this.frame = requestAnimationFrame(look);
  }

  /** Goes on. */
  release(): void {
    cancelAnimationFrame(this.frame);
    for (const animation of this.held) {
      if (animation.playState === 'paused') {
        animation.play();
      }
    }
    this.destroy();
  }

  /** Lets go of everything. */
  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.held.clear();
  }

  /** Animations that time moves; not those that follow the scroll position. */
  private running(): Animation[] {
    const timelines = new Set<AnimationTimeline | null>();
    const roots: DocumentOrShadowRoot[] = documents(this.document());
    (roots as Document[]).forEach((page) => timelines.add(page.timeline));
    return [...roots, ...this.shadowRoots()].flatMap((root) => root.getAnimations())
      .filter((animation) => animation.playState === 'running' && timelines.has(animation.timeline));
  }

  private finish(animation: Animation): void {
    const end = animation.effect?.getComputedTiming().endTime ?? 0;
    if (end === Infinity || animation.playbackRate === 0) {
      this.stop(animation);
    } else {
      animation.finish();
    }
  }

  private stop(animation: Animation): void {
    animation.pause();
    this.held.add(animation);
  }
}

/** A document and those of its frames, also of frames in shadow roots. */
function documents(document: Document | null): Document[] {
  const found: Document[] = [];
  const open = [document];
  while (open.length > 0) {
    const page = open.pop();
    const view = page?.defaultView;
    if (page && view) {
      found.push(page);
      for (let i = 0; i < view.length; i++) {
        open.push(documentOf(view[i]!));
      }
    }
  }
  return found;
}

function documentOf(view: Window): Document | null {
  try {
    return view.document;
  } catch {
    // Of another origin: nothing of a recording is in it.
    return null;
  }
}
