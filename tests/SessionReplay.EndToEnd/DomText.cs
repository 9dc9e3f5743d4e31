namespace SessionReplay.EndToEnd;

/// <summary>
/// Writes a document's body as text that can be compared between a page and its replay. What a replay must change is left out: scripts,
/// event handlers, form targets, styles' own elements (compared by what they do, see <see cref="Styles"/>), values of inputs (masked), and
/// how masked fields are drawn.
/// </summary>
internal static class DomText
{
    /// <summary>A JavaScript function of a document.</summary>
    public const string Function = """
        (document) => {
          const skip = new Set(['SCRIPT', 'NOSCRIPT', 'STYLE', 'LINK', 'TEMPLATE']);
          const volatileAttributes = /^(value|checked|selected|autocomplete|action|nonce|integrity|crossorigin|autofocus|on.*|_on.*|rr_.*|data-rr.*|data-sr-.*)$/;
          const lines = [];
          const attribute = (element, name) => {
            // A replay holds an address as the page wrote it under another name.
            if (element.hasAttribute(`data-sr-${name}`)) {
              return element.getAttribute(`data-sr-${name}`);
            }
            return name === 'class' ? element.getAttribute('class').replace(/\s*:hover/g, '').trim() : element.getAttribute(name);
          };
          const walk = (node, depth) => {
            if (node.nodeType === 3) {
              const text = node.data.replace(/\s+/g, ' ').trim();
              if (text && node.parentElement?.tagName !== 'TEXTAREA') lines.push(' '.repeat(depth) + text);
            } else if (node.nodeType === 1 && !skip.has(node.tagName.toUpperCase())) {
              if (node.tagName === 'OPTION' && node.hidden && node.text === '••••') return;
              const isMasked = (node.style?.maskImage ?? '') !== '';
              const names = node.getAttributeNames().filter((name) => !volatileAttributes.test(name) && !(isMasked && (name === 'style' || name === 'placeholder')) && !(name === 'class' && !attribute(node, name))).sort();
              lines.push(' '.repeat(depth) + '<' + node.tagName.toLowerCase() + names.map((name) => ` ${name}=${JSON.stringify(attribute(node, name))}`).join('') + '>');
              if (node.hasAttribute('data-sr-mask')) return;
              node.childNodes.forEach((child) => walk(child, depth + 1));
            }
          };
          walk(document.body, 0);
          return lines.join('\n');
        }
        """;

    /// <summary>A JavaScript function of a document: how its stylesheets make some elements look.</summary>
    public const string Styles = """
        (document) => ['body', 'h1', '.masthead', '.button', '.price', '.card', '.brand', '.footer'].map((selector) => {
          const element = document.querySelector(selector);
          if (!element) return `${selector}: none`;
          const style = document.defaultView.getComputedStyle(element);
          return `${selector}: ` + ['color', 'backgroundColor', 'fontFamily', 'fontSize', 'display', 'position', 'borderTopLeftRadius', 'paddingLeft'].map((name) => style[name]).join(' | ');
        }).join('\n')
        """;
}
