import type { DomEvent } from '../data/page-part.ts';
import { isObject, MAX_SIDE, objectsOf, type Fields } from '../data/values.ts';
import { shapeOwnEvent } from './own-events.ts';
import { shapeTree, type Node } from './node-shape.ts';

/** A page's mouse moves are told twice a second. */
const MAX_POSITIONS = 1000;
const MAX_OFFSET_MS = 60_000;
const MAX_COORDINATE = 1e7;

/** The kinds of changes by rrweb's numbers, and how they are formed. What is missing is not replayed: media, of which nothing is recorded, canvas commands, fonts, custom elements. */
const SHAPES: ReadonlyMap<unknown, (data: Fields) => boolean> = new Map<unknown, (data: Fields) => boolean>([
  [0, shapeMutation], [1, shapeMoves], [2, (data) => typeof data['type'] === 'number' && shapePoint(data)], [3, shapePoint], [4, shapeSize], [5, isOfANode],
  [6, shapeMoves], [8, () => true], [12, shapeMoves], [13, () => true], [14, () => true], [15, () => true],
]);

/**
 * Brings an event into the form that the replayer expects, in place, as far as what it makes of anything else would go beyond the event: the
 * page's tree, times, places and sizes. Gives false for what cannot be replayed.
 */
export function shapeEvent(event: DomEvent): boolean {
  if (!isObject(event) || !isObject(event.data)) {
    return false;
  }
  const { data } = event;
  switch (event.type) {
    case 2: {
      const offset = isObject(data['initialOffset']) ? data['initialOffset'] : {};
      data['initialOffset'] = { top: coordinate(offset['top']), left: coordinate(offset['left']) };
      return isObject(data['node']) && data['node']['type'] === 0 && shapeTree(data['node'] as unknown as Node);
    }
    case 3:
      return SHAPES.get(data['source'])?.(data) ?? false;
    case 4:
      data['href'] = typeof data['href'] === 'string' ? data['href'] : '';
      return shapeSize(data);
    case 5:
      return shapeOwnEvent(event);
    default:
      return false;
  }
}

function shapeMutation(data: Fields): boolean {
  data['adds'] = objectsOf(data['adds']).filter((add) => {
    add['nextId'] = isId(add['nextId']) ? add['nextId'] : null;
    // Of an old form of recordings, in which the replayer waits for what never comes.
    delete add['previousId'];
    return isId(add['parentId']) && isObject(add['node']) && shapeTree(add['node'] as unknown as Node);
  });
  data['removes'] = objectsOf(data['removes']).filter((remove) => isId(remove['id']) && isId(remove['parentId']));
  data['texts'] = objectsOf(data['texts']).filter((text) => {
    text['value'] = typeof text['value'] === 'string' ? text['value'] : '';
    return isId(text['id']);
  });
  data['attributes'] = objectsOf(data['attributes']).filter((change) => isId(change['id']) && isObject(change['attributes']));
  return true;
}

function shapeMoves(data: Fields): boolean {
  const positions = objectsOf(data['positions']).slice(0, MAX_POSITIONS).filter((position) => isId(position['id']));
  for (const position of positions) {
    shapePoint(position);
    position['timeOffset'] = clamp(position['timeOffset'], -MAX_OFFSET_MS, 0, 0);
  }
  data['positions'] = positions;
  return positions.length > 0;
}

function shapePoint(data: Fields): boolean {
  data['x'] = coordinate(data['x']);
  data['y'] = coordinate(data['y']);
  return isId(data['id']);
}

function shapeSize(data: Fields): boolean {
  data['width'] = clamp(data['width'], 1, MAX_SIDE, 1024);
  data['height'] = clamp(data['height'], 1, MAX_SIDE, 768);
  return true;
}

function isOfANode(data: Fields): boolean {
  return isId(data['id']);
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function coordinate(value: unknown): number {
  return clamp(value, -MAX_COORDINATE, MAX_COORDINATE, 0);
}

function clamp(value: unknown, least: number, most: number, otherwise: number): number {
  return typeof value === 'number' && value >= least && value <= most ? value : typeof value === 'number' && value > most ? most : otherwise;
}
