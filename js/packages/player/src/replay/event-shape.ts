import {
  ADOPTED_STYLE_SHEET, CUSTOM, CUSTOM_ELEMENT, DOCUMENT_NODE, DRAG, type Fields, FULL_SNAPSHOT, INCREMENTAL, INPUT, isObject, META,
  MOUSE_INTERACTION, MOUSE_MOVE, MUTATION, objectsOf, RESIZE, SCROLL, SELECTION, STYLE_DECLARATION, STYLE_SHEET_RULE, TOUCH_MOVE,
} from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { MAX_SIDE } from '../data/values.ts';
import { shapeOwnEvent } from './own-events.ts';
import { shapeTree, type Node } from './node-shape.ts';

/** A page's mouse moves are recorded twice a second. */
const MAX_POSITIONS = 1000;
const MAX_OFFSET_MS = 60_000;
const MAX_COORDINATE = 1e7;

/**
 * The kinds of changes by rrweb's numbers, and how they are formed. What is missing is not replayed: media, of which nothing is recorded,
 * canvas commands, fonts.
 */
const SHAPES: ReadonlyMap<unknown, (data: Fields) => boolean> = new Map<unknown, (data: Fields) => boolean>([
  [MUTATION, shapeMutation],
  [MOUSE_MOVE, shapeMoves],
  [MOUSE_INTERACTION, (data) => typeof data['type'] === 'number' && shapePoint(data)],
  [SCROLL, shapePoint],
  [RESIZE, shapeSize],
  [INPUT, isOfANode],
  [TOUCH_MOVE, shapeMoves],
  [STYLE_SHEET_RULE, () => true],
  [DRAG, shapeMoves],
  [STYLE_DECLARATION, () => true],
  [SELECTION, () => true],
  [ADOPTED_STYLE_SHEET, () => true],
  [CUSTOM_ELEMENT, isDefinition],
]);

/**
 * Brings an event into the form that the replayer expects, in place, as far as what it makes of anything else would go beyond the event:
 * the page's tree, times, places and sizes. Gives false for what cannot be replayed.
 */
export function shapeEvent(event: DomEvent): boolean {
  if (!isObject(event) || !isObject(event.data)) {
    return false;
  }
  const { data } = event;
  switch (event.type) {
    case FULL_SNAPSHOT: {
      const offset = isObject(data['initialOffset']) ? data['initialOffset'] : {};
      data['initialOffset'] = { top: coordinate(offset['top']), left: coordinate(offset['left']) };
      return isObject(data['node']) && data['node']['type'] === DOCUMENT_NODE && shapeTree(data['node'] as unknown as Node);
    }
    case INCREMENTAL:
      return SHAPES.get(data['source'])?.(data) ?? false;
    case META:
      data['href'] = typeof data['href'] === 'string' ? data['href'] : '';
      return shapeSize(data);
    case CUSTOM:
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

function isDefinition(data: Fields): boolean {
  return isObject(data['define']) && typeof data['define']['name'] === 'string';
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function coordinate(value: unknown): number {
  return clamp(value, -MAX_COORDINATE, MAX_COORDINATE, 0);
}

function clamp(value: unknown, min: number, max: number, otherwise: number): number {
  if (typeof value !== 'number' || !(value >= min)) {
    return otherwise;
  }
  return Math.min(value, max);
}
