import { FormatRejected } from '../reject.ts';
import { ARRAY, FALSE, INTEGER, isInteger, MAX_DEPTH, NULL, NUMBER, OBJECT, STRING, TRUE } from './kinds.ts';
import { readDomLayout, type DomLayout, type Shape } from './read-dom-layout.ts';

type Json = Record<string, unknown>;

/** DOM events with the times at which they happened, in ms since the Unix epoch. */
export interface DomEvents {
  times: number[];
  events: Json[];
}

/**
 * Reads DOM events (docs/format/v1.md, section 2.4).
 * @throws FormatRejected A rule of the format is broken.
 */
export function readDomEvents(block: Uint8Array): DomEvents {
  const layout = readDomLayout(block);
  const values = new ValueReader(block, layout);
  const events = layout.times.map(() => values.event());
  values.end();
  return { times: layout.times, events };
}

class ValueReader {
  private readonly last: Float64Array;
  private readonly introduced: Int32Array;
  private depth = 0;

  constructor(private readonly bytes: Uint8Array, private readonly layout: DomLayout) {
    this.last = new Float64Array(layout.columns);
    this.introduced = new Int32Array(layout.columns);
  }

  event(): Json {
    const value = this.value(this.layout.root);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FormatRejected('D6', 'A DOM event is not an object.');
    }
    return value as Json;
  }

  end(): void {
    const { dataAt, dataEnd, kindAt, kindEnd, strings } = this.layout;
    for (let c = 0; c < this.layout.columns; c++) {
      if (dataAt[c] !== dataEnd[c] || kindAt[c] !== kindEnd[c] || this.introduced[c] !== strings[c]!.length) {
        throw new FormatRejected('D7', 'A column has more values than the events.');
      }
    }
  }

  private value(column: number): unknown {
    switch (this.layout.uniform[column] || this.kind(column)) {
      case INTEGER:
        return this.integer(column);
      case STRING:
        return this.text(column);
      case OBJECT:
        return this.object(column);
      case ARRAY:
        return this.array(column);
      case NUMBER:
        return this.decimal(column);
      case NULL:
        return null;
      case TRUE:
        return true;
      case FALSE:
        return false;
      default:
        throw new FormatRejected('D5', 'A value has an unknown kind.');
    }
  }

  private kind(column: number): number {
    const { kindAt, kindEnd } = this.layout;
    if (kindAt[column] === kindEnd[column]) {
      throw new FormatRejected('D7', 'A column has fewer values than the events.');
    }
    return this.bytes[kindAt[column]!++]!;
  }

  private number(column: number): number {
    const { dataAt, dataEnd } = this.layout;
    const end = dataEnd[column]!;
    let at = dataAt[column]!;
    let byte = at < end ? this.bytes[at++]! : -1;
    let value = byte & 127;
    for (let place = 128; byte >= 128 && place <= 2 ** 49; place *= 128) {
      byte = at < end ? this.bytes[at++]! : -1;
      value += (byte & 127) * place;
    }
    if (byte < 0 || byte >= 128) {
      throw new FormatRejected(byte < 0 ? 'D7' : 'D1', 'A column ends within a value, or a number has more than eight bytes.');
    }
    dataAt[column] = at;
    return value;
  }

  private integer(column: number): number {
    const difference = this.number(column);
    const value = this.last[column]! + (difference % 2 === 0 ? difference / 2 : -(difference - 1) / 2);
    if (!isInteger(value)) {
      throw new FormatRejected('D5', 'An integer is out of range.');
    }
    return this.last[column] = value;
  }

  private text(column: number): string {
    const strings = this.layout.strings[column]!;
    const place = this.number(column);
    if (place === 0 ? this.introduced[column] === strings.length : place > this.introduced[column]!) {
      throw new FormatRejected('D5', 'A value refers to a string that is not there.');
    }
    return strings[(place === 0 ? ++this.introduced[column]! : place) - 1]!;
  }

  private decimal(column: number): number {
    const value = Number(this.text(column));
    if (!Number.isFinite(value)) {
      throw new FormatRejected('D5', 'A number is not one.');
    }
    return value;
  }

  private array(column: number): unknown[] {
    this.enter();
    const length = this.number(column);
    const elements = this.layout.elements[column]!;
    if (length > 0 && elements < 0) {
      throw new FormatRejected('D3', 'An array has no column for its elements.');
    }
    const array: unknown[] = [];
    for (let i = 0; i < length; i++) {
      array.push(this.value(elements));
    }
    this.depth--;
    return array;
  }

  private object(column: number): Json {
    this.enter();
    const shape = this.layout.shapes[this.number(column)];
    if (!shape || (shape.columns.length > 0 && shape.context !== this.layout.inner[column])) {
      throw new FormatRejected('D6', 'An object has a shape of another context, or none.');
    }
    const object = this.members(shape);
    this.depth--;
    return object;
  }

  private members({ columns, keys, isPlain }: Shape): Json {
    const object: Json = {};
    for (let i = 0; i < columns.length; i++) {
      const value = this.value(columns[i]!);
      if (isPlain) {
        object[keys[i]!] = value;
      } else {
        // JSON.parse makes a member of __proto__, an assignment would not.
        Object.defineProperty(object, keys[i]!, { value, writable: true, enumerable: true, configurable: true });
      }
    }
    return object;
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) {
      throw new FormatRejected('D6', `A DOM event nests deeper than ${MAX_DEPTH}.`);
    }
  }
}
