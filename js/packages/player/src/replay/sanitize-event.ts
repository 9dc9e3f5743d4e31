import { mapCss } from '@session-replay/format';
import type { DomEvent } from '../data/page-part.ts';
import { FETCHED, NOWHERE, heldName, matchHeldAttributes } from './attribute-selectors.ts';
import { keepMode } from './document-mode.ts';
import { shapeEvent } from './event-shape.ts';
import { showFrame, showFrameset } from './frameset.ts';
import type { Node } from './node-shape.ts';

/**
 * A recording is hostile input. The frame that replays it runs no script and its policy lets it fetch from nowhere else; on top of that,
 * whatever could run, load, submit or navigate is taken out of the events before they reach the replayer.
 */
export const CSP = "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
const CSP_NODE_ID = 2_000_000_001;
const CSP_HEAD_ID = 2_000_000_002;
const DNS_NODE_ID = 2_000_000_003;

/** Elements that are shown as nothing. */
const REPLACED = new Set(['script', 'base', 'portal', 'fencedframe', 'webview']);
/** Elements that would load something: an empty `object` keeps their place. */
const EMBEDS = new Set(['object', 'embed', 'applet']);
/** Attributes that say to a browser what to load into an `object`. */
const EMBED_ATTRIBUTES = ['type', 'classid', 'codebase', 'archive', 'code'];
/** Elements that change attributes of others, which no list of attributes sees. */
const ANIMATED = new Set(['set', 'animate', 'animatetransform', 'animatemotion']);
/** Attributes whose address is only followed when a form is sent, which the frame's sandbox forbids, or never: shown as they were unless they could run. */
const FOLLOWED = new Set(['href', 'xlink:href', 'action', 'formaction', 'cite', 'longdesc', 'usemap', 'profile', 'itemid']);
/** Elements whose `href` a click follows, which no sandbox forbids within the frame. */
const LINKS = new Set(['a', 'area']);
export const HREFS: ReadonlySet<string> = new Set(['href', 'xlink:href']);
const DROPPED = new Set(['srcdoc', 'ping', 'http-equiv', 'autofocus', 'manifest', 'nonce', 'is', 'autoplay', 'attributionsrc', 'accesskey', 'sandbox', 'allow', 'csp']);
/** Elements whose `href` is fetched at once. */
export const FETCHES_HREF: ReadonlySet<string> = new Set(['link', 'image', 'use', 'feimage', 'script', 'mpath']);

/** Makes an event safe in place. Gives false when it is of no known kind and must not be replayed. */
export function sanitizeEvent(event: DomEvent): boolean {
  if (!shapeEvent(event)) {
    return false;
  }
  if (event.type === 2) {
    const root = event.data['node'] as Node;
    sanitizeTree(root);
    return addPolicy(root);
  } else if (event.type === 3 && event.data['source'] === 0) {
    (event.data['adds'] as { node: Node }[]).forEach(({ node }) => sanitizeTree(node));
    (event.data['attributes'] as { attributes: Record<string, unknown> }[]).forEach((change) => sanitizeAttributes(undefined, change.attributes));
    for (const text of event.data['texts'] as { value: string }[]) {
      // A text may be a style's: outside of one the words are rare enough.
      if (/url\(|@import/i.test(text.value)) {
        text.value = sanitizeCss(text.value);
      }
    }
  } else if (event.type === 3 && [8, 13, 15].includes(event.data['source'] as number)) {
    sanitizeRules(event.data);
  } else if (event.type === 5) {
    // Keyframes are CSS, and there is no other text.
    sanitizeRules(event.data['payload'] as Record<string, unknown>);
  }
  return true;
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
    if (node.type === 0) {
      keepMode(node);
    } else if (node.type === 2) {
      const tag = node.tagName!.toLowerCase();
      if (REPLACED.has(tag) || (ANIMATED.has(tag) && !isHarmless(node.attributes!))) {
        node.tagName = 'noscript';
        node.attributes = {};
        node.childNodes = [];
        continue;
      }
      if (tag === 'frameset') {
        showFrameset(node, nested.has(node));
        node.childNodes!.forEach((child) => nested.add(child));
      } else if (tag === 'frame') {
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
    if (node.type === 3 && (node.isStyle || parentIsStyle.has(node))) {
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

/** An animation of what shows, and not of an address or a handler. */
function isHarmless(attributes: Record<string, unknown>): boolean {
  return Object.entries(attributes).every(([name, value]) => name.toLowerCase() !== 'attributename' || /^(?!on|href|src|style)[a-z-]+$/i.test(String(value)));
}

/** Makes attributes safe. `tag` is undefined for changed ones, which come without their element: an address may be a link's, which fetches it. */
function sanitizeAttributes(tag: string | undefined, attributes: Record<string, unknown>): void {
  for (const name of Object.keys(attributes)) {
    const lower = name.toLowerCase();
    const value = attributes[name];
    if (HREFS.has(lower) && (tag === undefined || LINKS.has(tag))) {
      holdLink(attributes, name, tag === undefined);
    } else if (lower.startsWith('on') || lower.startsWith('rr_media') || DROPPED.has(lower) || (typeof value === 'string' && FOLLOWED.has(lower) && isActive(value))) {
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

/** A style attribute is a text, or in a change an object of properties. */
function sanitizeStyle(style: unknown): unknown {
  if (typeof style === 'string') {
    return sanitizeCss(style);
  }
  if (typeof style !== 'object' || style === null) {
    return style;
  }
  return Object.fromEntries(Object.entries(style).map(([property, value]) => [
    property,
    typeof value === 'string' ? sanitizeCss(value) : Array.isArray(value) ? value.map((v: unknown) => (typeof v === 'string' ? sanitizeCss(v) : v)) : value,
  ]));
}

/** Takes out of CSS what would be fetched. What escapes it (CSS has many spellings) is stopped by the policy. */
export function sanitizeCss(css: string): string {
  return mapCss(matchHeldAttributes(css), { url: (url) => (isInline(url) ? undefined : 'data:,'), dropImports: true });
}

/** An address that is part of the recording itself, or the name of an asset, which the loader replaces. */
function isInline(url: string): boolean {
  return /^(data:(?!text\/html)|blob:|#|about:blank)/i.test(url) || /^sr-asset:[0-9a-f]{64}$/.test(url);
}

/** Schemes that run or open something. Browsers skip control characters and white space when they read a scheme. */
function isActive(url: string): boolean {
  // eslint-disable-next-line no-control-regex
  const scheme = url.replace(/[\u0000-\u0020\u007f-\u009f]/g, '').slice(0, 30).toLowerCase();
  return scheme.startsWith('javascript:') || scheme.startsWith('vbscript:') || scheme.startsWith('data:text/html') || scheme.startsWith('data:image/svg+xml;script');
}

/**
 * Puts the policy before all else in the page, so that it holds for all that follows. A recording that leaves the head out, puts something before
 * it or makes it no HTML head (where a policy would not count) gets a head of ours. Gives false for a page that is no HTML document.
 */
function addPolicy(root: Node): boolean {
  const html = root.childNodes!.find((n) => n.type === 2);
  if (!isHtml(html, 'html') || !Array.isArray(html.childNodes)) {
    return false;
  }
  // In lower case: rrweb makes a policy spelt as usual ineffective (it takes it for the recorded page's own), a browser reads both.
  const policy: Node = { type: 2, tagName: 'meta', attributes: { 'http-equiv': 'content-security-policy', content: CSP }, childNodes: [], id: CSP_NODE_ID };
  // Not even the names of hosts that links lead to are asked for: no policy is about those.
  const lookups: Node = { type: 2, tagName: 'meta', attributes: { 'http-equiv': 'x-dns-prefetch-control', content: 'off' }, childNodes: [], id: DNS_NODE_ID };
  const head = html.childNodes.find((n) => n.type === 2);
  if (isHtml(head, 'head') && Array.isArray(head.childNodes)) {
    head.childNodes.unshift(policy, lookups);
  } else {
    html.childNodes.unshift({ type: 2, tagName: 'head', attributes: {}, childNodes: [policy, lookups], id: CSP_HEAD_ID });
  }
  return true;
}

function isHtml(node: Node | undefined, tag: string): node is Node {
  return typeof node?.tagName === 'string' && node.tagName.toLowerCase() === tag && !node.isSVG;
}
