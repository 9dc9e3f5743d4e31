/** Room that is left round the page. */
const MARGIN_PX = 24;

/** Scales the recorded page to the room that there is, whichever of both changes. */
export class StageFit {
  private readonly observer = new ResizeObserver(() => this.fit());
  private width = 0;
  private height = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly stage: HTMLElement,
    private readonly frame: HTMLElement,
  ) {
    this.observer.observe(stage);
  }

  /** The page has another size. */
  resize(width: number, height: number): void {
    [this.width, this.height] = [width, height];
    this.fit();
  }

  /** There is no page any more. */
  reset(): void {
    [this.width, this.height] = [0, 0];
    this.host.style.removeProperty('--_shape');
    this.frame.removeAttribute('style');
  }

  stop(): void {
    this.observer.disconnect();
  }

  private fit(): void {
    const { width, height, stage, frame } = this;
    if (width === 0) {
      return;
    }
    this.host.style.setProperty('--_shape', String(height / width));
    const scale = Math.min((stage.clientWidth - MARGIN_PX) / width, (stage.clientHeight - MARGIN_PX) / height, 1);
    frame.style.width = `${width}px`;
    frame.style.height = `${height}px`;
    frame.style.transform = `scale(${scale}) translate(-50%, -50%)`;
  }
}
