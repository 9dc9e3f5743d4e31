import { skipCss } from '@session-replay/format';

const TOKEN = /["'\\{}()]|\/\*|:has\(/gi;

/** What a text of CSS asks of the browser. */
export interface CssCost {
  rules: number;
  /** Selectors that look down from an element: each is as dear as the page is large. */
  has: number;
  /** How deep blocks lie in each other. */
  depth: number;
  /** How many brackets are open at once: what reads them looks for the end of each. */
  brackets: number;
}

/** Weighs CSS, in a time that grows with its length alone. */
export function costOfCss(css: string): CssCost {
  const cost: CssCost = { rules: 0, has: 0, depth: 0, brackets: 0 };
  let depth = 0;
  let open = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(css); match; match = TOKEN.exec(css)) {
    switch (match[0]) {
      case '{':
        cost.rules++;
        cost.depth = Math.max(cost.depth, ++depth);
        break;
      case '}':
        depth = Math.max(0, depth - 1);
        break;
      case ')':
        open = Math.max(0, open - 1);
        break;
      case '"': case "'": case '\\': case '/*':
        TOKEN.lastIndex = skipCss(css, match.index);
        break;
      default:
        cost.has += match[0] === '(' ? 0 : 1;
        cost.brackets = Math.max(cost.brackets, ++open);
    }
  }
  return cost;
}
