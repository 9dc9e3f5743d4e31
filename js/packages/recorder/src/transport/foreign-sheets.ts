import { FOREIGN_SHEET, visitNodes, WHY } from '@session-replay/format';
import { absolutifyURLs } from '../rrweb/css.ts';
import { readAtMost } from './read-at-most.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_SHEETS = 30;
const WAIT_MS = 5000;

/**
 * Stylesheets of other origins that the page may show and not read. Where their site allows it (CORS) they are fetched once a page load,
 * without cookies, and put into the events like those of the page; where it does not, the event says so.
 */
export class ForeignSheets {
  private readonly sheets = new Map<string, Promise<{ text: string } | { why: string }>>();

  constructor(private readonly get: typeof fetch) {}

  async extract(events: object[]): Promise<void> {
    const found: { attributes: Record<string, unknown>; url: string }[] = [];
    for (const event of events) {
      visitNodes(event, (attributes) => {
        const url = attributes[FOREIGN_SHEET];
        if (typeof url === 'string') {
          found.push({ attributes, url });
        }
      });
    }
    await Promise.all(found.map(async ({ attributes, url }) => {
      const sheet = await this.sheet(url);
      if ('text' in sheet) {
        attributes['_cssText'] = sheet.text;
        // A changed element was perhaps one that could not be had.
        attributes[FOREIGN_SHEET] = attributes[WHY] = null;
        delete attributes['rel'];
        delete attributes['href'];
      } else {
        attributes[WHY] = sheet.why;
      }
    }));
  }

  private sheet(url: string): Promise<{ text: string } | { why: string }> {
    let sheet = this.sheets.get(url);
    if (!sheet) {
      sheet = this.sheets.size < MAX_SHEETS ? this.read(url).catch(() => ({ why: 'cors' })) : Promise.resolve({ why: 'quota' });
      this.sheets.set(url, sheet);
    }
    return sheet;
  }

  private async read(url: string): Promise<{ text: string } | { why: string }> {
    const response = await this.get(url, {
      mode: 'cors', credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(WAIT_MS),
    });
    if (!response.ok || !/^text\/css\b/i.test(response.headers.get('Content-Type') ?? '')) {
      return { why: 'missing' };
    }
    const bytes = await readAtMost(response, MAX_BYTES);
    return bytes ? { text: absolutifyURLs(new TextDecoder().decode(bytes), response.url || url) } : { why: 'large' };
  }
}
