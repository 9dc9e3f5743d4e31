import type { Replayer } from '@rrweb/replay';
import { INDETERMINATE } from '@session-replay/format';
import { afterEvents, rootsOf } from './after-events.ts';

interface Input {
  id: number;
  indeterminate?: unknown;
  chosen?: unknown;
}

/** Shows what the replayer does not know of fields: checkboxes that are neither ticked nor not, and all that is chosen in a list with several. */
export class FieldStates {
  constructor(private readonly replayer: Replayer) {
    const parts = replayer as unknown as { applyInput: (data: Input) => void };
    const apply = parts.applyInput.bind(replayer);
    parts.applyInput = (data) => {
      apply(data);
      const field = replayer.getMirror().getNode(data.id) as HTMLInputElement | HTMLSelectElement | null;
      if (field?.localName === 'input') {
        (field as HTMLInputElement).indeterminate = data.indeterminate === true;
      } else if (field?.localName === 'select' && Array.isArray(data.chosen)) {
        const chosen = new Set<unknown>(data.chosen);
        [...(field as HTMLSelectElement).options].forEach((option, at) => {
          option.selected = chosen.has(at);
        });
      }
    };
    afterEvents(replayer, (event) => event.type === 3 && event.data['source'] === 0, () => this.show());
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
