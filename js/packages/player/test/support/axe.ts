import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const script = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * The rules of axe that a page breaks, with where. The recorded page is the visitor's; the headings are those of the page that a component
 * is on.
 */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(script);
  return page.evaluate(`axe.run({ exclude: [['session-replay-player', 'iframe']] }, { resultTypes: ['violations'], rules: { 'page-has-heading-one': { enabled: false }, 'target-size': { enabled: true } } })
    .then((result) => result.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ' ' + n.failureSummary)))`) as Promise<
    string[]
  >;
}
