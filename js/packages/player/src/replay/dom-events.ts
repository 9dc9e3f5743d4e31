import { DOCUMENT_NODE, INCREMENTAL, META, MUTATION } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { isMathMl } from './math-ml.ts';


/** The events from the first page on: a full snapshot comes after a meta event. */
export function fromPage(events: DomEvent[]): DomEvent[] {
  return events.slice(Math.max(0, events.findIndex((event) => event.type === META)));
}

/** rrweb's virtual DOM, with which a seek is faster, loses what is in frames that are moved or filled, and knows no MathML. */
export function needsDom(event: DomEvent): boolean {
  const adds =
    event.type === INCREMENTAL && event.data['source'] === MUTATION
      ? (event.data['adds'] as { node: { type: number; tagName?: string } }[] | undefined)
      : undefined;
  return adds?.some(({ node }) => node.type === DOCUMENT_NODE || isMathMl(node.tagName ?? '')) ?? false;
}
