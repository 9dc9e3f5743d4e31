import { DOCTYPE_NODE, ELEMENT_NODE } from '@session-replay/format';
import type { Node } from './node-shape.ts';

const XHTML = 'http://www.w3.org/1999/xhtml';
/** Public identifiers of almost standards mode, with and without a system identifier. */
const LIMITED = /^-\/\/w3c\/\/dtd xhtml 1\.0 (frameset|transitional)\/\//i;
const LIMITED_WITH_SYSTEM = /^-\/\/w3c\/\/dtd html 4\.01 (frameset|transitional)\/\//i;

/**
 * Brings a document into the mode that it had: the doctype decides it only where it is parsed, and the replayer writes one for quirks
 * documents without a doctype alone. Of these it writes the one of almost standards mode where the root element names XHTML's namespace.
 */
export function keepMode(document: Node): void {
  const children = document.childNodes!;
  const doctype = children.find((child) => child.type === DOCTYPE_NODE) as (Node & { publicId: string; systemId: string }) | undefined;
  const root = children.find((child) => child.type === ELEMENT_NODE);
  const known = document as Node & { compatMode?: string };
  const isLimited =
    doctype !== undefined && (LIMITED.test(doctype.publicId) || (doctype.systemId !== '' && LIMITED_WITH_SYSTEM.test(doctype.publicId)));
  if (!root || (!isLimited && known.compatMode !== 'BackCompat')) {
    return;
  }
  known.compatMode = 'BackCompat';
  // What comes before the root element is read as a sign of a doctype.
  document.childNodes = children.slice(children.indexOf(root));
  if (isLimited) {
    root.attributes!['xmlns'] = XHTML;
  } else {
    delete root.attributes!['xmlns'];
  }
}
