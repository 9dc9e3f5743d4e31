import type { DomEvent } from '../data/chunk-loader.ts';

/**
 * A recording is hostile input. The frame that replays it runs no script and its policy lets it fetch from nowhere else; on top of that,
 * whatever could run, load, submit or navigate is taken out of the events before they reach the replayer.
 */
const CSP = "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
const CSP_NODE_ID = 2_000_000_001;

/** Elements that are shown as nothing. */
const REPLACED = new Set(['script', 'object', 'embed', 'applet', 'base', 'portal', 'frame', 'frameset']);
const URL_ATTRIBUTES = new Set(['href', 'src', 'xlink:href', 'action', 'formaction', 'poster', 'data', 'background', 'cite', 'longdesc', 'usemap', 'ping', 'srcset', 'imagesrcset']);
const DROPPED = new Set(['srcdoc', 'action', 'formaction', 'ping', 'http-equiv', 'autofocus', 'target', 'download', 'manifest', 'nonce', 'is', 'autoplay']);

interface Node {
  type: number;
  tagName?: string;
  attributes?: Record<string, unknown>;
  childNodes?: Node[];
  textContent?: string;
  isStyle?: boolean;
  id: number;
}

/** Makes an event safe in place. Gives false when it is of no known kind and must not be replayed. */
export function sanitizeEvent(event: DomEvent): boolean {
  if (typeof event !== 'object' || event === null || ![2, 3, 4].includes(event.type) || typeof event.data !== 'object' || event.data === null) {
    return false;
  }
  if (event.type === 2) {
    const root = event.data['node'] as Node | undefined;
    if (!root || !Array.isArray(root.childNodes)) {
      return false;
    }
    sanitizeTree(root);
    addPolicy(root);
  } else if (event.type === 3 && event.data['source'] === 0) {
    for (const add of asArray<{ node?: Node }>(event.data['adds'])) {
      if (add.node) {
        sanitizeTree(add.node);
      }
    }
    for (const change of asArray<{ attributes?: Record<string, unknown> }>(event.data['attributes'])) {
      if (change.attributes) {
        sanitizeAttributes('', change.attributes);
      }
    }
  } else if (event.type === 3 && ![0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15].includes(event.data['source'] as number)) {
    // Canvas commands, custom elements and what may come: not replayed.
    return false;
  }
  return true;
}

function asArray<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}

/** Walks with a stack of its own: a hostile recording may nest deeper than the call stack allows. */
function sanitizeTree(root: Node): void {
  const nodes = [root];
  while (nodes.length > 0) {
    const node = nodes.pop()!;
    if (node.type === 2 && typeof node.tagName === 'string') {
      const tag = node.tagName.toLowerCase();
      if (REPLACED.has(tag)) {
        node.tagName = 'noscript';
        node.attributes = {};
        node.childNodes = [];
        continue;
      }
      node.attributes = typeof node.attributes === 'object' && node.attributes !== null ? node.attributes : {};
      sanitizeAttributes(tag, node.attributes);
    }
    if (Array.isArray(node.childNodes)) {
      nodes.push(...(node.childNodes.length < 10_000 ? node.childNodes : node.childNodes.slice(0, 100_000)));
    }
  }
}

function sanitizeAttributes(tag: string, attributes: Record<string, unknown>): void {
  for (const name of Object.keys(attributes)) {
    const lower = name.toLowerCase();
    const value = attributes[name];
    if (lower.startsWith('on') || DROPPED.has(lower) || (tag === 'iframe' && (lower === 'src' || lower === 'rr_src'))) {
      delete attributes[name];
    } else if (tag === 'link' && lower === 'href' && attributes['rel'] !== 'stylesheet') {
      delete attributes[name];
    } else if (URL_ATTRIBUTES.has(lower) && typeof value === 'string' && isActive(value)) {
      delete attributes[name];
    }
  }
}

/** Schemes that run or open something. Browsers skip control characters and white space when they read a scheme. */
function isActive(url: string): boolean {
  // eslint-disable-next-line no-control-regex
  const scheme = url.replace(/[\u0000-\u0020\u007f-\u009f]/g, '').slice(0, 30).toLowerCase();
  return scheme.startsWith('javascript:') || scheme.startsWith('vbscript:') || scheme.startsWith('data:text/html') || scheme.startsWith('data:image/svg+xml;script');
}

/** Puts the policy first into the page's head, so that it holds for all that follows. */
function addPolicy(root: Node): void {
  const html = root.childNodes!.find((n) => n.type === 2 && n.tagName?.toLowerCase() === 'html');
  const head = html?.childNodes?.find((n) => n.type === 2 && n.tagName?.toLowerCase() === 'head');
  head?.childNodes?.unshift({
    type: 2, tagName: 'meta', attributes: { 'http-equiv': 'Content-Security-Policy', content: CSP }, childNodes: [], id: CSP_NODE_ID,
  });
}
