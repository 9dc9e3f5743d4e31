import { isSecretName, mask } from '../masking.ts';
import { cut } from './text.ts';

const MAX_LENGTH = 4000;

/**
 * An address as it is recorded: without a name and password before the host, and with the values of parameters masked that are named like a
 * password, a card or a one-time code.
 */
export function safeAddress(url: string): string {
  const open = url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#@]*@/i, '$1');
  return cut(open.replace(/([?&#;])([^=&#;?]+)=([^&#]*)/g, (whole, before: string, name: string, value: string) =>
    isSecretName(decode(name)) ? `${before}${name}=${mask(value)}` : whole), MAX_LENGTH);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
