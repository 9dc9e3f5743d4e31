import { isNativeShadowDom } from '@rrweb/record';
import { admission } from '../capture/admission.ts';
import { noteSecretField } from '../masking.ts';
import { AddedNodes, type Moves } from './added-nodes.ts';
import { noteStyles } from './changed-styles.ts';
import { isOfField, recordAttributes, recordTexts, type AttributeChange, type TextChange } from './changes.ts';
import { firstChild, getAttribute, host, isShadowRoot, nextSibling, parentNode, shadowRoot, textContent } from './dom.ts';
import { dialogMode, noAttributes, transformAttribute } from './elements.ts';
import { isNamed } from './names.ts';
import { IGNORED, type Owner } from './serialize.ts';

/** Fields, whose value is masked: by the names of their elements, and by a type. */
const FIELDS = new Set<unknown>(['input', 'textarea', 'select', 'password']);

interface Removal {
  parentId: number;
  id: number;
  isShadow: true | undefined;
}

/** What the buffers of a page share. */
export interface BufferOptions extends Owner {
  mutationCb: (change: object) => void;
  processedNodeManager: {
    inOtherBuffer: (node: Node, buffer: MutationBuffer) => boolean | undefined;
    add: (node: Node, buffer: MutationBuffer) => void;
  };
}

/**
 * Collects what changes in one document or shadow root, in place of rrweb's and as it does it. What is private is hidden when it is
 * recorded.
 */
export class MutationBuffer {
  observer!: MutationObserver;
  readonly moves: Moves = { added: new Set(), moved: new Set(), dropped: new Set(), removed: new Set() };
  private readonly movedTo = new Set<string>();
  private removes: Removal[] = [];
  /** Nodes that have left, also those of which nothing was recorded. */
  private mapRemoves: Node[] = [];
  private texts: TextChange[] = [];
  private attributes = new Map<Element, AttributeChange>();

  constructor(private readonly options: BufferOptions) {}

  /** Takes in a change. Nothing is recorded of the title, which has events of its own. */
  processMutation(record: MutationRecord): void {
    if (this.isIgnored(record.target)) {
      return;
    }
    if (record.type === 'characterData') {
      const value = textContent(record.target);
      if (value !== record.oldValue) {
        this.texts.push({ node: record.target, value });
      }
    } else if (record.type === 'attributes') {
      this.noteAttribute(record.target as Element, record.attributeName!, record.oldValue);
    } else {
      this.noteChildren(record);
    }
  }

  /** Records the removal of what went into one of the others. */
  leave(others: readonly MutationBuffer[]): void {
    const { mirror, mutationCb } = this.options;
    const isElsewhere = (node: Node): boolean => others.some((other) => other !== this && other.moves.moved.has(node));
    const gone = new Set(this.mapRemoves.filter(isElsewhere));
    const ids = new Set([...gone].map((node) => mirror.getId(node)));
    const removes = this.removes.filter(({ id }) => ids.has(id));
    if (removes.length > 0) {
      this.removes = this.removes.filter(({ id }) => !ids.has(id));
      this.mapRemoves = this.mapRemoves.filter((node) => !gone.has(node));
      mutationCb({ texts: [], attributes: [], removes, adds: [] });
    }
  }

  /** Records what was collected. */
  emit(): void {
    const { mirror, mutationCb } = this.options;
    const { added, moved, dropped, removed } = this.moves;
    this.mapRemoves.forEach((node) => mirror.removeNodeFromMap(node));
    for (const node of moved) {
      const parent = parentNode(node)!;
      if (!removed.has(parent) || moved.has(parent)) {
        added.add(node);
      }
    }
    const nodes = new AddedNodes(this.moves, this.options);
    nodes.record();
    this.texts.filter(({ node }) => isOfField(node)).forEach(({ node }) => this.noteField(parentNode(node) as Element));
    const { removes } = this;
    const texts = recordTexts(this.texts, mirror, nodes.ids);
    const attributes = recordAttributes([...this.attributes.values()], mirror, nodes.ids);
    this.texts = [];
    this.attributes = new Map();
    this.removes = [];
    this.mapRemoves = [];
    this.movedTo.clear();
    [added, moved, dropped, removed].forEach((set) => set.clear());
    if (texts.length > 0 || attributes.length > 0 || removes.length > 0 || nodes.adds.length > 0) {
      mutationCb({ texts, attributes, removes, adds: nodes.adds });
    }
  }

  private isIgnored(node: Node): boolean {
    return isNamed(node, 'title') || this.options.mirror.getId(node) === IGNORED;
  }

  private noteAttribute(element: Element, attribute: string, old: string | null): void {
    const tagName = element.tagName.toLowerCase();
    let value = getAttribute(element, attribute);
    if (attribute === 'value' && isField(element, tagName)) {
      value = admission().maskInput(value ?? '', element);
    }
    if (value === old) {
      return;
    }
    let name = attribute;
    if (tagName === 'iframe' && name === 'src') {
      if ((element as HTMLIFrameElement).contentDocument) {
        return;
      }
      name = 'rr_src';
    }
    const change = this.changeOf(element);
    if (name === 'type' && tagName === 'input' && old?.toLowerCase() === 'password') {
      noteSecretField(element);
    }
    if (name === 'autoplay' && (tagName === 'video' || tagName === 'audio')) {
      return;
    }
    change.attributes[name] = transformAttribute(this.options.doc, tagName, name.toLowerCase(), value);
    if (name === 'style') {
      noteStyles(element as HTMLElement, old, change.style);
    } else if (name === 'open' && isNamed(element, 'dialog')) {
      change.attributes['rr_open_mode'] = dialogMode(element);
    }
  }

  private changeOf(node: Element): AttributeChange {
    let change = this.attributes.get(node);
    if (!change) {
      this.attributes.set(node, (change = { node, attributes: noAttributes(), style: { changed: {}, same: {} } }));
    }
    return change;
  }

  /** The text of a field is its value. */
  private noteField(field: Element): void {
    let value = '';
    for (let child = firstChild(field); child; child = nextSibling(child)) {
      value += textContent(child) ?? '';
    }
    this.changeOf(field).attributes['value'] = admission().maskInput(value, field);
  }

  private noteChildren({ target, addedNodes, removedNodes }: MutationRecord): void {
    if (admission().about(target).isBlocked) {
      return;
    }
    if (isNamed(target, 'textarea')) {
      this.noteField(target as Element);
      return;
    }
    for (let at = 0; at < addedNodes.length; at++) {
      this.noteAdded(addedNodes[at]!, target);
    }
    for (let at = 0; at < removedNodes.length; at++) {
      this.noteRemoved(removedNodes[at]!, target);
    }
  }

  private noteAdded(node: Node, target?: Node): void {
    const { mirror, processedNodeManager } = this.options;
    const { added, moved, dropped } = this.moves;
    if (processedNodeManager.inOtherBuffer(node, this) || added.has(node) || moved.has(node)) {
      return;
    }
    if (mirror.hasNode(node)) {
      if (this.isIgnored(node)) {
        return;
      }
      moved.add(node);
      const targetId = mirror.getId(target);
      if (targetId !== -1) {
        this.movedTo.add(`${mirror.getId(node)}@${targetId}`);
      }
    } else {
      added.add(node);
      dropped.delete(node);
    }
    if (node.nodeType !== 1 || admission().about(node).isBlocked) {
      return;
    }
    for (let child = firstChild(node); child; child = nextSibling(child)) {
      this.noteAdded(child);
    }
    const root = shadowRoot(node);
    for (let child = root && firstChild(root); child; child = nextSibling(child)) {
      processedNodeManager.add(child, this);
      this.noteAdded(child, node);
    }
  }

  private noteRemoved(node: Node, target: Node): void {
    const { mirror } = this.options;
    const { added, moved, dropped, removed } = this.moves;
    const id = mirror.getId(node);
    if (id === -1 || this.isIgnored(node)) {
      return;
    }
    const isShadow = isShadowRoot(target);
    const parentId = mirror.getId(isShadow ? host(target) : target);
    if (added.has(node)) {
      deleteAll(added, node);
      dropped.add(node);
    } else if (!this.isAncestorRemoved(target)) {
      if (moved.has(node) && this.movedTo.has(`${id}@${parentId}`)) {
        deleteAll(moved, node);
      } else {
        this.removes.push({ parentId, id, isShadow: isShadow && isNativeShadowDom(target as ShadowRoot) ? true : undefined });
        addAll(removed, node);
      }
    }
    this.mapRemoves.push(node);
  }

  private isAncestorRemoved(target: Node): boolean {
    const { mirror } = this.options;
    for (let node: Node | null = target; node && !isShadowRoot(node); node = parentNode(node)) {
      if (!mirror.has(mirror.getId(node))) {
        return true;
      }
      const parent = parentNode(node);
      if (!parent || parent.nodeType === 9) {
        return !parent;
      }
    }
    return false;
  }
}

function isField(element: Element, tagName: string): boolean {
  const { type } = element as HTMLInputElement;
  return FIELDS.has(tagName) || FIELDS.has(String(type).toLowerCase()) || element.hasAttribute('data-rr-is-password');
}

function deleteAll(nodes: Set<Node>, root: Node): void {
  nodes.delete(root);
  for (let child = firstChild(root); child; child = nextSibling(child)) {
    deleteAll(nodes, child);
  }
}

function addAll(nodes: Set<Node>, root: Node): void {
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (!nodes.has(node)) {
      nodes.add(node);
      for (let child = firstChild(node); child; child = nextSibling(child)) {
        open.push(child);
      }
    }
  }
}
