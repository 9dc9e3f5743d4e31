import { genId, getValidTagName, isNativeShadowDom, onceIframeLoaded, onceStylesheetLoaded } from '@rrweb/record';
import { DOCTYPE_NODE, DOCUMENT_NODE, TEXT_NODE, type SerializedNode } from '@session-replay/format';
import { admission } from '../capture/admission.ts';
import { NOTHING, type Facts } from '../capture/surroundings.ts';
import { maskText } from '../masking.ts';
import { absolutifyURLs } from './css.ts';
import { firstChild, isShadowRoot, nextSibling, parentNode, shadowRoot, textContent } from './dom.ts';
import { isAwaitedSheet, readElement } from './elements.ts';
import { callbackWrapper, warn } from './errors.ts';
import { isIgnoredHead } from './ignored-heads.ts';
import type { Mirror } from './mirror.ts';
import { isNamed } from './names.ts';

/** The number of what is not recorded. */
export const IGNORED = -2;
/** How long the document of a frame or the sheet of a link is waited for, in ms. */
const WAIT_MS = 5000;

/** A node as rrweb writes it, and where it stands. */
export interface Written extends SerializedNode {
  /** Of a document type. */
  name?: string;
  publicId?: string;
  systemId?: string;
  /** The document of a frame that the node is in. */
  rootId?: number | undefined;
  isShadow?: true;
  isShadowHost?: true;
  /** Of the text of a style. */
  isStyle?: true;
}

/** What rrweb's parts do with the nodes that come into the recording. */
export interface Owner {
  doc: Document;
  mirror: Mirror;
  iframeManager: { attachIframe: (frame: HTMLIFrameElement, document: SerializedNode) => void };
  stylesheetManager: { attachLinkElement: (link: HTMLLinkElement, node: SerializedNode) => void };
  shadowDomManager: {
    addShadowRoot: (root: ShadowRoot, document: Document) => void;
    observeAttachShadow: (frame: HTMLIFrameElement) => void;
  };
}

/** Writes a document with all that is in it. */
export function serializeDocument(document: Document, owner: Owner): Written | null {
  return admission().atOnce(() => new Serializer(document, owner, 'snapshot').write(document, NOTHING, true, false));
}

/** Writes a node that was added, without what is in it: each node of what a page adds is recorded by itself. */
export function serializeAdded(node: Node, owner: Owner, isCaptured: boolean): Written | null {
  const written = new Serializer(owner.doc, owner, 'added').write(node, admission().about(node), true, isCaptured);
  const parent = parentNode(node);
  if (written && isShadowRoot(parent)) {
    written.isShadow = true;
    admission().onRoot(parent as ShadowRoot);
  }
  return written;
}

/** Writes nodes of one document, in place of rrweb's: what is private is hidden as it is read. */
class Serializer {
  private readonly admission = admission();
  private rootId: number | undefined;

  constructor(
    private readonly doc: Document,
    private readonly owner: Owner,
    private readonly how: 'snapshot' | 'frame' | 'added',
  ) {
    this.noteRoot(owner.mirror.getId(doc));
  }

  private noteRoot(id: number): void {
    this.rootId = id === -1 || id === 1 ? undefined : id;
  }

  /**
   * @param facts What holds for what the node is in; of a node that was added, for itself.
   * @param keepsSpace Whether texts of white space are recorded.
   * @param isCaptured Whether the node's text is that of a style whose rules were recorded.
   */
  write(node: Node, facts: Facts, keepsSpace: boolean, isCaptured: boolean): Written | null {
    switch (node.nodeType) {
      case 1:
        return this.writeElement(node as Element, facts, keepsSpace);
      case 3:
      case 4:
        return this.writeText(node, facts.isMasked, keepsSpace, isCaptured);
      case 8:
        return this.ignore(node);
      case 9:
        return this.writeDocument(node as Document, facts);
      case 10: {
        const { name, publicId, systemId } = node as DocumentType;
        return this.number(node, { type: DOCTYPE_NODE, name, publicId, systemId, rootId: this.rootId });
      }
      default:
        warn(node, 'not serialized');
        return null;
    }
  }

  private writeDocument(document: Document, facts: Facts): Written | null {
    const { compatMode } = document;
    const written = this.number(document, { type: DOCUMENT_NODE, childNodes: [], ...(compatMode !== 'CSS1Compat' && { compatMode }) });
    const isEditable = document.designMode === 'on';
    if (written) {
      this.noteRoot(written.id);
      this.writeChildren(document, written, isEditable ? { ...facts, isMasked: true } : facts, true, false);
      this.admission.onRoot(document);
    }
    return written;
  }

  private writeText(node: Node, isMasked: boolean, keepsSpace: boolean, isCaptured: boolean): Written | null {
    const parent = parentNode(node);
    let text = isCaptured ? '' : (textContent(node) ?? '');
    if (isNamed(parent, 'script')) {
      text = 'SCRIPT_PLACEHOLDER';
    } else if (isNamed(parent, 'style')) {
      text = absolutifyURLs(text, this.doc.baseURI);
    } else if (isMasked) {
      text = maskText(text);
    }
    if (!keepsSpace && text.trim() === '') {
      return this.ignore(node);
    }
    const written: Omit<Written, 'id'> = { type: TEXT_NODE, textContent: text };
    if (this.rootId) {
      written.rootId = this.rootId;
    }
    const numbered = this.number(node, written);
    if (numbered && this.how === 'added' && (parent as Element | null)?.localName === 'style') {
      numbered.isStyle = true;
    }
    return numbered;
  }

  private writeElement(element: Element, above: Facts, keepsSpace: boolean): Written | null {
    const { owner, doc, how } = this;
    const tagName = getValidTagName(element);
    const isKnown = owner.mirror.hasNode(element);
    if (tagName === 'script' && !isKnown) {
      return this.ignore(element);
    }
    const facts = how === 'added' ? above : this.admission.within(above, element);
    const read = readElement(element, tagName, doc, { isBlocked: facts.isBlocked, isAdded: how === 'added' }) as Written;
    if (!isKnown && isIgnoredHead(tagName, read.attributes!)) {
      return this.ignore(element);
    }
    if (this.rootId) {
      read.rootId = this.rootId;
    }
    const written = this.number(element, read);
    if (!written) {
      return null;
    }
    const root = shadowRoot(element);
    if (root) {
      owner.shadowDomManager.addShadowRoot(root, doc);
      if (isNativeShadowDom(root)) {
        written.isShadowHost = true;
      }
    }
    this.await(element, tagName, written);
    const isCaptured = typeof written.attributes!['_cssText'] === 'string';
    this.admission.element(element, written, facts.isMasked, how === 'snapshot');
    if (how !== 'added' && !facts.isBlocked && tagName !== 'textarea' && tagName !== 'input') {
      this.writeInner(element, root, written, { facts, keepsSpace: keepsSpace && tagName !== 'head', isCaptured });
    }
    return written;
  }

  private writeInner(
    element: Element, root: ShadowRoot | null, written: Written, how: { facts: Facts; keepsSpace: boolean; isCaptured: boolean },
  ): void {
    this.writeChildren(element, written, how.facts, how.keepsSpace, how.isCaptured);
    if (root) {
      const from = written.childNodes!.length;
      this.writeChildren(root, written, how.facts, how.keepsSpace, how.isCaptured);
      if (isNativeShadowDom(root)) {
        written.childNodes!.slice(from).forEach((child) => ((child as Written).isShadow = true));
      }
      this.admission.onRoot(root);
    }
  }

  private writeChildren(parent: Node, written: Written, facts: Facts, keepsSpace: boolean, isCaptured: boolean): void {
    const children = written.childNodes!;
    for (let child = firstChild(parent); child; child = nextSibling(child)) {
      const inner = this.write(child, facts, keepsSpace, isCaptured);
      if (inner) {
        children.push(inner);
      }
    }
  }

  /** Gives a node its number; nothing for what was ignored before. */
  private number(node: Node, written: Omit<Written, 'id'>): Written | null {
    const { mirror } = this.owner;
    const known = mirror.getId(node);
    if (known === IGNORED) {
      return null;
    }
    const id = known === -1 ? genId() : known;
    mirror.add(node, id);
    (written as Written).id = id;
    return written as Written;
  }

  /** What was recorded before keeps its number. */
  private ignore(node: Node): null {
    if (!this.owner.mirror.hasNode(node)) {
      this.owner.mirror.add(node, IGNORED);
    }
    return null;
  }

  /** Records the document of a frame, and the sheet of a link, when it is there. */
  private await(element: Element, tagName: string, { attributes }: Written): void {
    const { owner, doc } = this;
    if (tagName === 'iframe' || tagName === 'frame') {
      const frame = element as HTMLIFrameElement;
      onceIframeLoaded(frame, callbackWrapper(() => {
        const { contentDocument } = frame;
        const facts = { ...this.admission.about(frame), isBlocked: false };
        const write = (of: Document): Written | null => new Serializer(of, owner, 'frame').write(of, facts, true, false);
        const written = contentDocument && this.admission.atOnce(() => write(contentDocument));
        if (written) {
          owner.iframeManager.attachIframe(frame, written);
          owner.shadowDomManager.observeAttachShadow(frame);
        }
      }), WAIT_MS);
    } else if (tagName === 'link' && isAwaitedSheet(attributes!)) {
      const link = element as HTMLLinkElement;
      onceStylesheetLoaded(link, () => {
        const read = readElement(link, tagName, doc, { isBlocked: this.admission.about(link).isBlocked, isAdded: false });
        owner.stylesheetManager.attachLinkElement(link, { ...read, id: owner.mirror.getId(link) });
      }, WAIT_MS);
    }
  }
}
