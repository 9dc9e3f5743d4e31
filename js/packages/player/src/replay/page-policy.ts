import { ELEMENT_NODE } from '@session-replay/format';
import type { Node } from './node-shape.ts';

/** What a replayed page may load: nothing but what is part of the recording. */
export const CSP = "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline'; "
  + "form-action 'none'; base-uri 'none'";
const CSP_NODE_ID = 2_000_000_001;
const CSP_HEAD_ID = 2_000_000_002;
const DNS_NODE_ID = 2_000_000_003;

/**
 * Puts the policy before all else in the page, so that it holds for all that follows. A recording that leaves the head out, puts something
 * before it or makes it no HTML head (where a policy would not count) gets a head of the player's. Gives false for a page that is not an
 * HTML document.
 */
export function addPolicy(root: Node): boolean {
  const html = root.childNodes!.find((n) => n.type === ELEMENT_NODE);
  if (!isHtml(html, 'html') || !Array.isArray(html.childNodes)) {
    return false;
  }
  // In lower case: rrweb makes a policy spelt as usual ineffective (it takes it for the recorded page's own), a browser reads both.
  const policy = meta(CSP_NODE_ID, 'content-security-policy', CSP);
  // Not even the names of hosts that links lead to are asked for: no policy is about those.
  const lookups = meta(DNS_NODE_ID, 'x-dns-prefetch-control', 'off');
  const head = html.childNodes.find((n) => n.type === ELEMENT_NODE);
  if (isHtml(head, 'head') && Array.isArray(head.childNodes)) {
    head.childNodes.unshift(policy, lookups);
  } else {
    html.childNodes.unshift({ type: ELEMENT_NODE, tagName: 'head', attributes: {}, childNodes: [policy, lookups], id: CSP_HEAD_ID });
  }
  return true;
}

function meta(id: number, name: string, content: string): Node {
  return { type: ELEMENT_NODE, tagName: 'meta', attributes: { 'http-equiv': name, content }, childNodes: [], id };
}

function isHtml(node: Node | undefined, tag: string): node is Node {
  return typeof node?.tagName === 'string' && node.tagName.toLowerCase() === tag && !node.isSVG;
}
