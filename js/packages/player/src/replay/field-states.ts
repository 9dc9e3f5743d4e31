import type { Replayer } from '@rrweb/replay';
import { INCREMENTAL, INDETERMINATE, MUTATION } from '@session-replay/format';
import { afterEvents, afterInputs, rootsOf, type Input } from './after-events.ts';

/**
 * Shows what the replayer does not know of fields: checkboxes that are neither ticked nor not, and all that is chosen in a list with
 * several.
 */
export class FieldStates {
  constructor(private readonly replayer: Replayer) {
    afterInputs(replayer, showState);
    afterEvents(replayer, (event) => event.type === INCREMENTAL && event.data['source'] === MUTATION, () => this.show());
  }

  private show(): void {
    for (const root of rootsOf(this.replayer.iframe.contentDocument)) {
      for (const field of root.querySelectorAll<HTMLInputElement>(`input[${INDETERMINATE}]`)) {
        field.indeterminate = true;
        field.removeAttribute(INDETERMINATE);
      }
    }
  }
}

function showState(field: Element, { indeterminate, chosen }: Input): void {
  if (field.localName === 'input') {
    (field as HTMLInputElement).indeterminate = indeterminate === true;
  } else if (field.localName === 'select' && Array.isArray(chosen)) {
    const places = new Set<unknown>(chosen);
    [...(field as HTMLSelectElement).options].forEach((option, at) => {
      option.selected = places.has(at);
    });
  }
}
