import { ByteWriter } from './byte-writer.ts';
import { Column, Context, type ShapeNode } from './columns.ts';
import { ARRAY, ELEMENT, FALSE, isInteger, MAX_DEPTH, MAX_ENTRIES, MIXED, NULL, NUMBER, OBJECT, STRING, TRUE } from './kinds.ts';
import { KNOWN_KEYS } from './known-keys.ts';
import { findLoneSurrogates, type LoneSurrogate } from './lone-surrogates.ts';
import { writeStrings } from './write-strings.ts';

const KNOWN_NUMBERS: ReadonlyMap<string, number> = new Map(KNOWN_KEYS.map((key, i) => [key, i + 1]));

/** An event with the time at which it happened, in ms since the Unix epoch. */
export interface TimedEvent {
  time: number;
  event: object;
}

/**
 * Writes DOM events as columns (docs/format/v1.md, section 2.4). Reads what `JSON.stringify` would, without calling `toJSON`, and leaves
 * `timestamp` out of the events: their times are columns of their own.
 * @throws RangeError The events nest deeper than 512, or have more than 131,072 different keys, columns or shapes.
 */
export function writeDomEvents(events: readonly TimedEvent[]): Uint8Array<ArrayBuffer> {
  return new DomEventsWriter().write(events);
}

class DomEventsWriter {
  private readonly numbers = new Map<string, number>();
  private readonly keys: string[] = [];
  private readonly contexts = new Map<number, Context>();
  private readonly columns: Column[] = [];
  private readonly shapes: (readonly Column[])[] = [];
  private depth = 0;

  write(events: readonly TimedEvent[]): Uint8Array<ArrayBuffer> {
    const head = new ByteWriter();
    head.number(events.length);
    let last = 0;
    for (const { time } of events) {
      head.signed(time - last);
      last = time;
    }
    const root = this.elementOf(this.context(ELEMENT));
    for (const { event } of events) {
      this.object(root, event as Record<string, unknown>, 'timestamp');
    }
    return this.join(head);
  }

  private value(column: Column, value: unknown): void {
    switch (typeof value) {
      case 'string':
        column.text(STRING, value);
        break;
      case 'number':
        if (isInteger(value)) {
          column.integer(value);
        } else if (Number.isFinite(value)) {
          column.text(NUMBER, Object.is(value, -0) ? '-0' : String(value));
        } else {
          column.kind(NULL);
        }
        break;
      case 'boolean':
        column.kind(value ? TRUE : FALSE);
        break;
      case 'object':
        if (value === null) {
          column.kind(NULL);
        } else if (Array.isArray(value)) {
          this.array(column, value);
        } else {
          this.object(column, value as Record<string, unknown>);
        }
        break;
      default:
        column.kind(NULL);
    }
  }

  private array(column: Column, values: readonly unknown[]): void {
    this.enter();
    column.number(ARRAY, values.length);
    if (values.length > 0) {
      const elements = this.elementOf(column.inner);
      for (let i = 0; i < values.length; i++) {
        this.value(elements, values[i]);
      }
    }
    this.depth--;
  }

  private object(column: Column, from: Record<string, unknown>, without?: string): void {
    this.enter();
    const keys = Object.keys(from);
    let node: ShapeNode = column.inner.shapes;
    for (const key of keys) {
      if (key !== without && isWritten(from[key])) {
        node = node.next.get(key) ?? this.longer(column.inner, node, key);
      }
    }
    column.number(OBJECT, node.shape ??= this.shape(node));
    for (const key of keys) {
      const value = from[key];
      if (key !== without && isWritten(value)) {
        this.value(column.inner.column(key)!, value);
      }
    }
    this.depth--;
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) {
      throw new RangeError(`A DOM event nests deeper than ${MAX_DEPTH}.`);
    }
  }

  private longer(context: Context, node: ShapeNode, key: string): ShapeNode {
    const column = context.column(key) ?? this.add(context, key);
    const longer: ShapeNode = { before: node, column, next: new Map(), shape: undefined };
    node.next.set(key, longer);
    return longer;
  }

  private shape(last: ShapeNode): number {
    const columns: Column[] = [];
    for (let node: ShapeNode | undefined = last; node?.column; node = node.before) {
      columns.push(node.column);
    }
    this.shapes.push(columns.reverse());
    return bounded(this.shapes.length - 1);
  }

  private elementOf(context: Context): Column {
    return context.element ??= this.newColumn(context, ELEMENT, context);
  }

  private add(context: Context, key: string): Column {
    const number = this.key(key);
    return context.add(key, this.newColumn(context, number, this.context(number)));
  }

  private newColumn(context: Context, key: number, inner: Context): Column {
    const column = new Column(bounded(this.columns.length), context, key, inner);
    this.columns.push(column);
    return column;
  }

  private context(key: number): Context {
    let context = this.contexts.get(key);
    if (!context) {
      this.contexts.set(key, context = new Context(key));
    }
    return context;
  }

  private key(key: string): number {
    const known = KNOWN_NUMBERS.get(key) ?? this.numbers.get(key);
    if (known !== undefined) {
      return known;
    }
    this.keys.push(key);
    const number = KNOWN_KEYS.length + bounded(this.keys.length);
    this.numbers.set(key, number);
    return number;
  }

  private join(head: ByteWriter): Uint8Array<ArrayBuffer> {
    const { columns, keys } = this;
    const texts = [keys, ...columns.map(({ strings }) => strings)];
    head.number(keys.length);
    head.number(columns.length);
    head.number(this.shapes.length);
    for (const column of columns) {
      column.describe(head);
    }
    for (const shape of this.shapes) {
      head.number(shape.length);
      shape.forEach(({ index }) => head.number(index));
    }
    const lengths = new ByteWriter();
    const bytes = texts.flatMap((strings) => writeStrings(strings, lengths));
    const kinds = columns.filter((column) => column.uniform === MIXED).map((column) => column.kinds.written());
    return concat([
      head.written(), ...kinds, ...columns.map(({ data }) => data.written()), lengths.written(), ...bytes, patches(texts),
    ]);
  }
}

/** Whether JSON would have a member of this value. */
function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}

function bounded(count: number): number {
  if (count >= MAX_ENTRIES) {
    throw new RangeError(`The DOM events have more than ${MAX_ENTRIES} different keys, columns or shapes.`);
  }
  return count;
}

function patches(texts: readonly (readonly string[])[]): Uint8Array {
  const writer = new ByteWriter();
  const found: LoneSurrogate[] = texts.flatMap((strings, list) => findLoneSurrogates(strings, list));
  writer.number(found.length);
  for (const { list, index, at, unit } of found) {
    [list, index, at, unit].forEach((value) => writer.number(value));
  }
  return writer.written();
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
