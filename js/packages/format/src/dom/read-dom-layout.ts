import { FormatRejected } from '../reject.ts';
import { ByteReader } from './byte-reader.ts';
import { ELEMENT, MAX_ENTRIES, MIXED, OBJECT } from './kinds.ts';
import { KNOWN_KEYS } from './known-keys.ts';
import { type LoneSurrogate, putBack } from './lone-surrogates.ts';
import { readStrings } from './read-strings.ts';
import { readTimes } from './read-times.ts';

/** The keys of an object. */
export interface Shape {
  context: number;
  columns: number[];
  keys: string[];
  /** No key is `__proto__`. */
  isPlain: boolean;
}

/** What a DOM block consists of: all but the values. What has a value for each column is an array of its own, which is fast. */
export interface DomLayout {
  times: number[];
  columns: number;
  root: number;
  /** The kind of all values of a column, or MIXED. */
  uniform: Uint8Array;
  /** The context within its objects and arrays. */
  inner: Int32Array;
  /** The column of the elements of its arrays, or -1. */
  elements: Int32Array;
  kindAt: Int32Array;
  kindEnd: Int32Array;
  dataAt: Int32Array;
  dataEnd: Int32Array;
  strings: string[][];
  shapes: Shape[];
}

/**
 * Reads all of a DOM block but its values.
 * @throws FormatRejected A rule of the format is broken.
 */
export function readDomLayout(block: Uint8Array): DomLayout {
  const reader = new ByteReader(block);
  const times = readTimes(reader);
  const keyCount = reader.count(MAX_ENTRIES);
  const columns = reader.count(MAX_ENTRIES);
  const shapeCount = reader.count(MAX_ENTRIES);
  const head = readColumns(reader, columns, KNOWN_KEYS.length + keyCount);
  const { contexts, keys } = head;
  const shapes = Array.from({ length: shapeCount }, () => readShape(reader, head));
  const [kindAt, kindEnd] = place(reader, head.kinds);
  const [dataAt, dataEnd] = place(reader, head.data);
  const texts = readTexts(reader, [keyCount, ...head.strings]);
  putLoneSurrogatesBack(reader, texts);
  const names = ['', ...KNOWN_KEYS, ...texts[0]!];
  for (const shape of shapes) {
    shape.keys = shape.columns.map((column) => names[keys[column]!]!);
    shape.isPlain = !shape.keys.includes('__proto__');
  }
  const inner = keys.map((key, c) => (key === ELEMENT ? contexts[c]! : key));
  const elements = elementColumns(contexts, keys);
  const root = elements.get(ELEMENT);
  if (root === undefined) {
    throw new FormatRejected('D3', 'The events have no column.');
  }
  return {
    times, columns, root, uniform: head.uniform, inner, elements: inner.map((context) => elements.get(context) ?? -1),
    kindAt, kindEnd, dataAt, dataEnd, strings: texts.slice(1), shapes,
  };
}

interface Head {
  contexts: Int32Array;
  keys: Int32Array;
  strings: number[];
  data: number[];
  uniform: Uint8Array;
  kinds: number[];
}

function readColumns(reader: ByteReader, count: number, keyCount: number): Head {
  const head: Head = {
    contexts: new Int32Array(count), keys: new Int32Array(count), strings: [], data: [], uniform: new Uint8Array(count), kinds: [],
  };
  const key = () => {
    const number = reader.number();
    if (number > keyCount) {
      throw new FormatRejected('D3', 'A column names a key that is not there.');
    }
    return number;
  };
  for (let c = 0; c < count; c++) {
    head.contexts[c] = key();
    head.keys[c] = key();
    head.strings.push(reader.count(Infinity));
    head.data.push(reader.number());
    const uniform = reader.number();
    if (uniform !== MIXED && !(uniform >= 3 && uniform <= OBJECT)) {
      throw new FormatRejected('D5', 'A column has an unknown kind.');
    }
    head.uniform[c] = uniform;
    head.kinds.push(uniform === MIXED ? reader.number() : 0);
  }
  return head;
}

function readShape(reader: ByteReader, { contexts, keys }: Head): Shape {
  const columns = Array.from({ length: reader.count(Infinity) }, () => reader.number());
  const context = columns.length > 0 ? contexts[columns[0]!] ?? -1 : -1;
  for (const column of columns) {
    if (!(column < keys.length) || contexts[column] !== context || keys[column] === ELEMENT) {
      throw new FormatRejected('D3', 'A shape names a column that is not there, of another context, or of elements.');
    }
  }
  return { context, columns, keys: [], isPlain: true };
}

function elementColumns(contexts: Int32Array, keys: Int32Array): Map<number, number> {
  const elements = new Map<number, number>();
  keys.forEach((key, c) => {
    if (key === ELEMENT) {
      if (elements.has(contexts[c]!)) {
        throw new FormatRejected('D3', 'A context has two columns of elements.');
      }
      elements.set(contexts[c]!, c);
    }
  });
  return elements;
}

function place(reader: ByteReader, lengths: readonly number[]): [starts: Int32Array, ends: Int32Array] {
  const starts = new Int32Array(lengths.length);
  const ends = new Int32Array(lengths.length);
  lengths.forEach((length, c) => {
    starts[c] = reader.skip(length);
    ends[c] = reader.at;
  });
  return [starts, ends];
}

function readTexts(reader: ByteReader, counts: readonly number[]): string[][] {
  const lengths = counts.map((count) => Array.from({ length: count }, () => reader.number()));
  return lengths.map((list) => {
    const start = reader.skip(list.reduce((sum, length) => sum + length, 0));
    return readStrings(reader.bytes.subarray(start, reader.at), list);
  });
}

function putLoneSurrogatesBack(reader: ByteReader, texts: string[][]): void {
  for (let count = reader.count(Infinity); count > 0; count--) {
    const [list, index, at, unit] = [reader.number(), reader.number(), reader.number(), reader.number()];
    const strings = texts[list];
    const text = strings?.[index];
    if (text === undefined || unit < 0xd800 || unit > 0xdfff) {
      throw new FormatRejected('D3', 'A lone surrogate belongs to a string that is not there.');
    }
    strings![index] = putBack(text, { list, index, at, unit } satisfies LoneSurrogate);
  }
  if (reader.at !== reader.bytes.length) {
    throw new FormatRejected('D1', 'The block is followed by other bytes.');
  }
}
