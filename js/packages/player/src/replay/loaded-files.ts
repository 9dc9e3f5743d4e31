import type { Replayer } from '@rrweb/replay';
import { CUSTOM, INCREMENTAL, isLoadedFiles, type LoadedFile, MUTATION, STYLE_SOURCES } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { afterEvents, rootsOf } from './after-events.ts';
import { heldName } from './adapt-css.ts';
import { fillPlaceholders, hasPlaceholder } from './css-placeholders.ts';

const CHANGES_CSS = new Set<unknown>([MUTATION, ...STYLE_SOURCES]);

/** Puts files into a replayed page that loaded after the CSS or the `use` elements with their addresses were recorded. */
export class LoadedFiles {
  /** Where the files are, by their address in CSS. */
  private readonly files = new Map<string, string>();

  /** Takes note of an event of the recording, whose assets have been put back. */
  note(event: DomEvent): void {
    if (isLoadedFiles(event)) {
      (event.data['payload'] as { files: LoadedFile[] }).files
        .filter(({ src }) => src.startsWith('blob:'))
        .forEach(({ url, src }) => this.files.set(url, src));
    }
  }

  /** Fills the CSS of a page from now on. */
  attach(replayer: Replayer): void {
    afterEvents(replayer, ({ type, data }) => type === CUSTOM || (type === INCREMENTAL && CHANGES_CSS.has(data['source'])), () => {
      if (this.files.size > 0) {
        rootsOf(replayer.iframe.contentDocument).forEach((root) => this.fill(root));
      }
    });
  }

  private fill(root: Document | ShadowRoot): void {
    for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) {
      this.fillRules(sheet);
    }
    for (const element of root.querySelectorAll<HTMLElement>('[style*="data:,http"]')) {
      this.fillStyle(element.style);
    }
    for (const element of root.querySelectorAll(`use[${heldName('href')}],use[${heldName('xlink:href')}]`)) {
      this.fillUse(element);
    }
  }

  private fillUse(element: Element): void {
    for (const name of ['href', 'xlink:href']) {
      const file = this.files.get(element.getAttribute(heldName(name)) ?? '');
      if (file) {
        element.removeAttribute(heldName(name));
        element.setAttribute('href', file);
      }
    }
  }

  private fillRules(holder: CSSStyleSheet | CSSGroupingRule): void {
    for (let i = 0; i < holder.cssRules.length; i++) {
      const rule = holder.cssRules[i]!;
      if (rule.type === CSSRule.FONT_FACE_RULE) {
        this.fillFont(holder, i);
      } else if ('style' in rule) {
        this.fillStyle((rule as CSSStyleRule).style);
      }
      if ('cssRules' in rule) {
        this.fillRules(rule as CSSGroupingRule);
      }
    }
  }

  /** A font that failed to load is tried again only in a new rule. */
  private fillFont(holder: CSSStyleSheet | CSSGroupingRule, index: number): void {
    const { cssText } = holder.cssRules[index]!;
    const filled = fillPlaceholders(cssText, this.files);
    if (filled !== cssText) {
      holder.deleteRule(index);
      holder.insertRule(filled, index);
    }
  }

  private fillStyle(style: CSSStyleDeclaration): void {
    const { cssText } = style;
    const filled = hasPlaceholder(cssText) ? fillPlaceholders(cssText, this.files) : cssText;
    if (filled !== cssText) {
      style.cssText = filled;
    }
  }
}
