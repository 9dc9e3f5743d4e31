import {
  CUSTOM, DOCUMENT_NODE, ELEMENT_NODE, FULL_SNAPSHOT, INCREMENTAL, MUTATION, RAW, STYLE_SOURCES, TEXT_NODE,
} from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { isActive, isInline } from './addresses.ts';
import { FETCHED, NOWHERE, heldName } from './adapt-css.ts';
import { keepMode } from './document-mode.ts';
import { shapeEvent } from './event-shape.ts';
import { showFrame, showFrameset } from './frameset.ts';
import type { Node } from './node-shape.ts';
import { sanitizeCss, sanitizeStyle } from './sanitize-css.ts';

/** Elements that are shown as nothing. */
const REPLACED = new Set(['script', 'base', 'portal', 'fencedframe', 'webview']);
/** Elements that would load something: an empty `object` keeps their place. */
const EMBEDS = new Set(['object', 'embed', 'applet']);
/** Attributes that say to a browser what to load into an `object`. */
const EMBED_ATTRIBUTES = ['type', 'classid', 'codebase', 'archive', 'code'];
/** Elements that change attributes of others, which no list of attributes sees. */
const ANIMATED = new Set(['set', 'animate', 'animatetransform', 'animatemotion']);
/**
 * Attributes whose address is only followed when a form is sent, which the frame's sandbox forbids, or never: shown as they were unless
 * they could run.
 */
const FOLLOWED = new Set(['href', 'xlink:href', 'action', 'formaction', 'cite', 'longdesc', 'usemap', 'profile', 'itemid']);
/** Elements whose `href` a click follows, which no sandbox forbids within the frame. */
const LINKS = new Set(['a', 'area']);
export const HREFS: ReadonlySet<string> = new Set(['href', 'xlink:href']);
const DROPPED = new Set([
  'srcdoc', 'ping', 'http-equiv', 'autofocus', 'manifest', 'nonce', 'is', 'autoplay', 'attributionsrc', 'accesskey', 'sandbox', 'allow',
  'csp',
]);
/** Elements whose `href` is fetched at once. */
export const FETCHES_HREF: ReadonlySet<string> = new Set(['link', 'image', 'use', 'feimage', 'script', 'mpath']);

/**
 * Makes an event safe in place. Gives false when it is of no known kind and must not be replayed.
 *
 * A recording is hostile input. The frame that replays it runs no script and its policy lets it fetch from nowhere else; on top of that,
 * whatever could run, load, submit or navigate is taken out of the events before they reach the replayer.
 */
export function sanitizeEvent(event: DomEvent): boolean {
  if (!shapeEvent(event)) {
    return false;
  }
  if (event.type === FULL_SNAPSHOT) {
    const root = event.data['node'] as Node;
    sanitizeTree(root);
    return isHtmlPage(root);
  } else if (event.type === INCREMENTAL && event.data['source'] === MUTATION) {
    (event.data['adds'] as { node: Node }[]).forEach(({ node }) => sanitizeTree(node));
    (event.data['attributes'] as { attributes: Record<string, unknown> }[]).forEach((change) =>
      sanitizeAttributes(undefined, change.attributes),
    );
    for (const text of event.data['texts'] as { value: string }[]) {
      // A text may be a style's: outside of one the words are rare enough.
      if (/url\(|@import/i.test(text.value)) {
        text.value = sanitizeCss(text.value);
      }
    }
  } else if (event.type === INCREMENTAL && STYLE_SOURCES.has(event.data['source'])) {
    sanitizeRules(event.data);
  } else if (event.type === CUSTOM && event.data['tag'] === 'animations') {
    // Keyframes are CSS.
    sanitizeRules(event.data['payload'] as Record<string, unknown>);
  }
  return true;
}

/** A document of another kind, or without a root, could not be built in the frame. */
function isHtmlPage(root: Node): boolean {
  const html = root.childNodes!.find((n) => n.type === ELEMENT_NODE);
  return html?.tagName?.toLowerCase() === 'html' && !html.isSVG;
}

/** Changes of stylesheets: whatever text is in them is CSS. */
function sanitizeRules(data: Record<string, unknown>): void {
  const values: [Record<string, unknown>, string][] = Object.keys(data).map((key) => [data, key]);
  while (values.length > 0) {
    const [owner, key] = values.pop()!;
    const value = owner[key];
    if (typeof value === 'string') {
      owner[key] = sanitizeCss(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const k of Object.keys(value)) {
        values.push([value as Record<string, unknown>, k]);
      }
    }
  }
}

/** Walks with a stack of its own: a hostile recording may nest deeper than the call stack allows. */
function sanitizeTree(root: Node): void {
  const nodes = [root];
  const parentIsStyle = new WeakSet<Node>();
  const nested = new WeakSet<Node>();
  while (nodes.length > 0) {
    const node = nodes.pop()!;
    if (node.type === DOCUMENT_NODE) {
      keepMode(node);
    } else if (node.type === ELEMENT_NODE) {
      if (node.tagName!.toLowerCase() === 'frameset') {
        showFrameset(node, nested.has(node));
        node.childNodes!.forEach((child) => nested.add(child));
      }
      sanitizeElement(node);
    }
    if (node.type === TEXT_NODE && (node.isStyle || parentIsStyle.has(node))) {
      node.textContent = sanitizeCss(node.textContent!);
    }
    const isStyle = node.tagName?.toLowerCase() === 'style';
    // One by one: a spread of a hostile number of children would overflow the stack, and none may be left out.
    for (const child of node.childNodes!) {
      if (isStyle) {
        parentIsStyle.add(child);
      }
      nodes.push(child);
    }
  }
}

function sanitizeElement(node: Node): void {
  const tag = node.tagName!.toLowerCase();
  if (REPLACED.has(tag) || (ANIMATED.has(tag) && !isHarmless(node.attributes!))) {
    node.tagName = 'noscript';
    node.attributes = {};
    node.childNodes = [];
    return;
  }
  if (tag === 'frame') {
    showFrame(node);
  }
  if (EMBEDS.has(tag)) {
    node.tagName = 'object';
    EMBED_ATTRIBUTES.forEach((name) => delete node.attributes![name]);
  }
  if (EMBEDS.has(tag) || tag === 'canvas') {
    // Without scripts a browser shows what is in them in their place.
    node.childNodes = [];
  }
  sanitizeAttributes(tag, node.attributes!);
}

/** An animation of what shows, and not of an address or a handler. */
function isHarmless(attributes: Record<string, unknown>): boolean {
  return Object.entries(attributes).every(
    ([name, value]) => name.toLowerCase() !== 'attributename' || /^(?!on|href|src|style)[a-z-]+$/i.test(String(value)),
  );
}

/**
 * Makes attributes safe. `tag` is undefined for changed ones, which come without their element: an address may be a link's, which fetches
 * it.
 */
function sanitizeAttributes(tag: string | undefined, attributes: Record<string, unknown>): void {
  for (const name of Object.keys(attributes)) {
    const lower = name.toLowerCase();
    const value = attributes[name];
    if (HREFS.has(lower) && (tag === undefined || LINKS.has(tag))) {
      holdLink(attributes, name, tag === undefined);
    } else if (
      lower.startsWith('on')
      || lower.startsWith('rr_media')
      || DROPPED.has(lower)
      || (typeof value === 'string' && FOLLOWED.has(lower) && isActive(value))
    ) {
      delete attributes[name];
    } else if (lower === '_csstext' && typeof value === 'string') {
      attributes[name] = sanitizeCss(value);
    } else if (lower === 'style') {
      attributes[name] = sanitizeStyle(value);
    } else if (typeof value !== 'string') {
      continue;
    } else if (FETCHED.has(lower) || (tag !== undefined && FETCHES_HREF.has(tag) && HREFS.has(lower))) {
      if (!isInline(value)) {
        delete attributes[name];
        attributes[heldName(lower)] = value;
      }
    }
  }
  holdRaw(attributes);
}

/** Selectors match an address as the page wrote it. */
function holdRaw(attributes: Record<string, unknown>): void {
  for (const [name, raw] of RAW) {
    const held = heldName(name);
    if (typeof attributes[raw] === 'string') {
      attributes[held] = attributes[raw];
    } else if (attributes[raw] === null && !(held in attributes)) {
      attributes[held] = null;
    }
    delete attributes[raw];
  }
}

/** Holds the address of a link. Of a change the element is not known: one that is not a link may show what is part of the recording. */
function holdLink(attributes: Record<string, unknown>, name: string, isChange: boolean): void {
  const value = attributes[name];
  const held = heldName(name.toLowerCase());
  if (typeof value === 'string' && !value.startsWith('#') && !(isChange && isInline(value))) {
    attributes[name] = NOWHERE;
    attributes[held] = isActive(value) ? '' : value;
  } else if (isChange) {
    attributes[held] = null;
  }
}
