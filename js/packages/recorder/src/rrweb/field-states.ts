import { INDETERMINATE } from '@session-replay/format';
import type { Visit } from '../capture/admission.ts';
import { isMasked } from '../capture/private-content.ts';
import type { Privacy } from '../masking.ts';

/** More options than anybody chooses. */
const MAX_CHOSEN = 1000;

/** What a field shows beside its value and its tick, as an input event of rrweb carries it. */
export interface FieldState {
  indeterminate?: true;
  /** The places of the chosen options of a list with several. */
  chosen?: number[];
}

/** Reads what rrweb leaves out of a field. What of it may not be shown is taken out with what else is private. */
export function stateOf(field: HTMLInputElement | HTMLSelectElement): FieldState {
  if (field.localName === 'select') {
    const { multiple, options } = field as HTMLSelectElement;
    return multiple ? { chosen: [...options].flatMap((option, at) => (option.selected ? [at] : [])).slice(0, MAX_CHOSEN) } : {};
  }
  return (field as HTMLInputElement).indeterminate ? { indeterminate: true } : {};
}

/** Says whether two states of one field show the same. */
export function isSameState(a: FieldState, b: FieldState): boolean {
  return a.indeterminate === b.indeterminate && a.chosen?.join() === b.chosen?.join();
}

/** Notes in a snapshot, or in nodes that are added, which checkboxes are indeterminate: no attribute of the page says so. */
export function visitField(privacy: Privacy): Visit {
  return (attributes, element, node) => {
    if (node?.tagName === 'input' && (element as HTMLInputElement).indeterminate && !isMasked(element, privacy)) {
      attributes[INDETERMINATE] = '';
    }
  };
}
