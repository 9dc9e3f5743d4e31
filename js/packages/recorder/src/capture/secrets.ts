import { isSecretField } from '../masking.ts';
import type { CaptureContext, Stop } from './capture.ts';
import { listen } from '../listen.ts';
import { closestComposed } from './composed.ts';

/** Learns what is typed into passwords, cards and one-time codes, before the page can put it anywhere else. */
export function captureSecrets(context: CaptureContext): Stop {
  return watchSecrets(context, window);
}

/** As {@link captureSecrets}, in the window of a frame. */
export function watchSecrets({ failures, secrets }: CaptureContext, win: Window): Stop {
  const onInput = (event: Event): void => failures.guard('secrets', () => {
    const field = event.composedPath()[0] as HTMLInputElement;
    if (isLearnt(field)) {
      secrets.note(field.value);
    }
  }, undefined);
  return listen(win, 'input', onInput, { capture: true });
}

/** Makes a function that looks whether a text stands in the page already, in its address or its elements. The page is read at most once. */
export function standsInPage(): (text: string) => boolean {
  let page: string | undefined;
  return (text) => (page ??= location.href + document.documentElement.outerHTML).includes(text);
}

/** Makes the function that decides over a field's value for rrweb. */
export function inputMasker(
  { privacy, secrets }: CaptureContext,
  mask: (text: string) => string,
): (text: string, field: Element) => string {
  return (text, field) => {
    if (isLearnt(field)) {
      secrets.note(text);
    }
    const isShown =
      privacy.unmask
      && field
      && !isSecretField(field)
      && field.matches(privacy.unmask)
      && !closestComposed(field, privacy.mask)
      && !secrets.has(text);
    return isShown ? text : mask(text);
  };
}

/** A hidden field is never shown, but what is in it may be a word of the page. */
function isLearnt(field: Element): boolean {
  return (
    field?.nodeType === 1
    && /^(input|textarea)$/.test(field.localName)
    && isSecretField(field)
    && (field as HTMLInputElement).type !== 'hidden'
  );
}
