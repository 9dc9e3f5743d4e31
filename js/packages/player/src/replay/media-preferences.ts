import type { Replayer } from '@rrweb/replay';
import { INCREMENTAL, MEDIA, MUTATION, PREFERENCES, STYLE_SOURCES } from '@session-replay/format';
import { afterEvents, rootsOf } from './after-events.ts';

/** Conditions that always and never hold, which a page's own condition becomes a part of. */
const ALWAYS = '(min-width: 0px)';
const NEVER = '(max-width: -1px)';
const OF_STYLES = new Set<unknown>([MUTATION, ...STYLE_SOURCES]);

/** Shows a page as its visitor preferred it and not as the viewer does: conditions on preferences hold as they held for the visitor. */
export class MediaPreferences {
  /** By the browser's own objects, which are held: let go of, they would come again as others. */
  private readonly rewritten = new Map<MediaList, { original: string; text: string }>();
  private readonly schemes = new Map<CSSStyleDeclaration, string>();
  private wasDifferent = false;

  constructor(private readonly replayer: Replayer) {
    replayer.on('fullsnapshot-rebuilded', () => {
      this.rewritten.clear();
      this.schemes.clear();
    });
    afterEvents(replayer, (event) => event.type === INCREMENTAL && OF_STYLES.has(event.data['source']), () => this.apply());
  }

  private apply(): void {
    const { contentDocument: document, style } = this.replayer.iframe;
    const recorded = (document?.documentElement?.getAttribute(MEDIA) ?? '').split(' ');
    const preferred = new Map(
      PREFERENCES.flatMap(([feature, values], i) => (values.includes(recorded[i]!) ? [[feature, recorded[i]!] as const] : [])),
    );
    style.colorScheme = preferred.get('prefers-color-scheme') ?? '';
    const isDifferent = [...preferred].some(([feature, value]) => !matchMedia(`(${feature}: ${value})`).matches);
    if (!isDifferent && !this.wasDifferent) {
      return;
    }
    this.wasDifferent = isDifferent;
    for (const root of rootsOf(document)) {
      const meta = root.querySelector('meta[name="color-scheme" i]')?.getAttribute('content') ?? '';
      if (meta.includes('light') && meta.includes('dark')) {
        (root as Document).documentElement.style.colorScheme = preferred.get('prefers-color-scheme') ?? '';
      }
      for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) {
        this.rewrite(sheet.media, preferred);
        this.rewriteRules(sheet.cssRules, preferred);
      }
    }
  }

  private rewriteRules(rules: CSSRuleList, preferred: ReadonlyMap<string, string>): void {
    for (const rule of rules) {
      if ('media' in rule) {
        this.rewrite((rule as CSSMediaRule).media, preferred);
      }
      if ('style' in rule) {
        this.rewriteScheme((rule as CSSStyleRule).style, preferred.get('prefers-color-scheme'));
      }
      if ('cssRules' in rule) {
        this.rewriteRules((rule as CSSGroupingRule).cssRules, preferred);
      }
    }
  }

  /** What is drawn light or dark as the visitor prefers is drawn so: a browser would ask the viewer. */
  private rewriteScheme(style: CSSStyleDeclaration, preferred: string | undefined): void {
    const scheme = style.colorScheme;
    const original = this.schemes.get(style) ?? scheme;
    if (preferred && original?.includes('light') && original.includes('dark')) {
      this.schemes.set(style, original);
      style.setProperty('color-scheme', preferred, style.getPropertyPriority('color-scheme'));
    }
  }

  /** A browser writes a list of media in one form, in which nothing but conditions stands. */
  private rewrite(media: MediaList, preferred: ReadonlyMap<string, string>): void {
    const known = this.rewritten.get(media);
    const original = known?.text === media.mediaText ? known.original : media.mediaText;
    if (!original.includes('prefers-') && !original.includes('forced-colors')) {
      return;
    }
    let text = original;
    for (const [feature, values] of PREFERENCES) {
      const value = preferred.get(feature);
      if (value !== undefined) {
        values.forEach((other) => (text = text.replaceAll(`(${feature}: ${other})`, other === value ? ALWAYS : NEVER)));
        text = text.replaceAll(`(${feature})`, feature === 'prefers-color-scheme' || value !== values[0] ? ALWAYS : NEVER);
      }
    }
    if (text !== media.mediaText) {
      media.mediaText = text;
    }
    this.rewritten.set(media, { original, text: media.mediaText });
  }
}
