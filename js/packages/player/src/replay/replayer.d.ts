/** The part of @rrweb/replay that is used here; the package's own types refer to one that is not published with it. */
declare module '@rrweb/replay' {
  export class Replayer {
    constructor(events: unknown[], config: Record<string, unknown>);
    readonly iframe: HTMLIFrameElement;
    readonly wrapper: HTMLElement;
    play(offset?: number): void;
    pause(offset?: number): void;
    addEvent(event: unknown): void;
    getCurrentTime(): number;
    getMirror(): { getNode(id: number): Node | null; getId(node: Node): number; getIds(): number[]; getMeta(node: Node): unknown };
    setConfig(config: Record<string, unknown>): void;
    on(name: string, handler: (payload?: unknown) => void): this;
    destroy(): void;
  }
}

declare module '*.css' {
  const text: string;
  export default text;
}
