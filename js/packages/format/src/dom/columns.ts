import { ByteWriter } from './byte-writer.ts';
import { INTEGER, MIXED, NUMBER, type STRING } from './kinds.ts';

/** A list of columns that begins the keys of at least one object: those of the node before it, and one more. */
export interface ShapeNode {
  before: ShapeNode | undefined;
  /** The first node has none. */
  column: Column | undefined;
  /** By the key that follows. */
  next: Map<string, ShapeNode>;
  /** The number of the shape, once an object has just these keys. */
  shape: number | undefined;
}

/** What all objects and arrays under one key share: a tree's nodes use the same columns however deep they lie. */
export class Context {
  readonly shapes: ShapeNode = { before: undefined, column: undefined, next: new Map(), shape: undefined };
  element: Column | undefined;
  private readonly byKey = new Map<string, Column>();

  constructor(readonly key: number) {}

  column(key: string): Column | undefined {
    return this.byKey.get(key);
  }

  add(key: string, column: Column): Column {
    this.byKey.set(key, column);
    return column;
  }
}

/** The values under one key within one context, in the order in which the events have them. */
export class Column {
  readonly kinds = new ByteWriter();
  readonly data = new ByteWriter();
  readonly strings: string[] = [];
  /** The kind of all values so far, or MIXED. */
  uniform: number | undefined;
  private readonly places = new Map<string, number>();
  private readonly numberPlaces = new Map<string, number>();
  private last = 0;

  constructor(
    readonly index: number,
    private readonly context: Context,
    private readonly key: number,
    /** The context of what its objects and arrays contain. */
    readonly inner: Context,
  ) {}

  /** Adds a value that consists of its kind. */
  kind(kind: number): void {
    this.uniform = this.uniform === undefined ? (kind < INTEGER ? MIXED : kind) : this.uniform === kind ? kind : MIXED;
    this.kinds.byte(kind);
  }

  number(kind: number, value: number): void {
    this.kind(kind);
    this.data.number(value);
  }

  integer(value: number): void {
    this.kind(INTEGER);
    this.data.signed(value - this.last);
    this.last = value;
  }

  /** Adds a string, or the text of a number. A text that the column already has is referred to. */
  text(kind: typeof STRING | typeof NUMBER, text: string): void {
    const places = kind === NUMBER ? this.numberPlaces : this.places;
    const place = places.get(text);
    this.number(kind, place ?? 0);
    if (place === undefined) {
      this.strings.push(text);
      places.set(text, this.strings.length);
    }
  }

  describe(head: ByteWriter): void {
    head.number(this.context.key);
    head.number(this.key);
    head.number(this.strings.length);
    head.number(this.data.length);
    const uniform = this.uniform ?? MIXED;
    head.byte(uniform);
    if (uniform === MIXED) {
      head.number(this.kinds.length);
    }
  }
}
