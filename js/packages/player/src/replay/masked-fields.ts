import type { Replayer } from '@rrweb/replay';
import { INCREMENTAL, INPUT, MASKED, MUTATION } from '@session-replay/format';
import { afterEvents, afterInputs, rootsOf } from './after-events.ts';

/** Fields that cannot show a mask as their value. */
const FIELDS = [
  'select',
  ...['range', 'number', 'color', 'date', 'time', 'datetime-local', 'month', 'week', 'checkbox', 'radio'].map(
    (type) => `input[type="${type}" i]`,
  ),
].join();
const MASK = '••••';
const STRIPES = 'repeating-linear-gradient(135deg, #000 0 4px, #0003 4px 8px)';

/** Makes fields look masked whose value is, and which would show another one: a list its first option, a range its middle, a date none. */
export class MaskedFields {
  constructor(private readonly replayer: Replayer) {
    afterInputs(replayer, (field, { text }) => {
      if (field.matches(FIELDS) && /^\*+$/.test(text)) {
        field.setAttribute(MASKED, '');
      }
    });
    afterEvents(
      replayer,
      (event) => event.type === INCREMENTAL && (event.data['source'] === MUTATION || event.data['source'] === INPUT),
      () => this.show(),
    );
  }

  private show(): void {
    for (const root of rootsOf(this.replayer.iframe.contentDocument)) {
      for (const field of root.querySelectorAll<HTMLInputElement | HTMLSelectElement>(FIELDS)) {
        if (field.hasAttribute(MASKED) || /^\*+$/.test(field.getAttribute('value') ?? '')) {
          hide(field);
        }
      }
    }
  }
}

function hide(field: HTMLInputElement | HTMLSelectElement): void {
  if (field.localName !== 'select') {
    field.style.setProperty('mask-image', STRIPES, 'important');
    if (field.type === 'number') {
      field.setAttribute('placeholder', MASK);
    }
    return;
  }
  const list = field as HTMLSelectElement;
  if (list.multiple || list.size > 1) {
    list.selectedIndex = -1;
    list.style.setProperty('mask-image', STRIPES, 'important');
    return;
  }
  const last = list.options.item(list.options.length - 1);
  const option = last?.hasAttribute(MASKED) ? last : list.ownerDocument.createElement('option');
  option.setAttribute(MASKED, '');
  option.hidden = true;
  option.textContent = MASK;
  list.append(option);
  option.selected = true;
}
