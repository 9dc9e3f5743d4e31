// Takes what a document looks like, in a form that is the same for a live page and its replay. Applied to a document; gives { time, dom, boxes, styles }.
(root) => {
  // What shows nothing, or is replaced in a replay by what shows the same.
  const UNSEEN = new Set(['script', 'noscript', 'style', 'link', 'meta', 'title', 'base', 'head', 'template', 'source', 'param']);
  const ADDRESSES = new Set(['src', 'href', 'srcset', 'poster', 'data', 'background', 'action', 'formaction', 'xlink:href', 'cite', 'imagesrcset', 'ping', 'longdesc', 'codebase']);
  const IGNORED = /^(on.*|rr_.*|data-sr-.*|data-rr-.*|nonce|integrity|srcdoc|autofocus|autoplay|sandbox|allow|csp|is|xmlns|autocomplete|accesskey|manifest|value|checked|selected|open|style|class|loading|crossorigin)$/;
  const STYLES = [
    'display', 'visibility', 'opacity', 'color', 'background-color', 'font-size', 'font-weight', 'font-style', 'text-align', 'text-transform', 'text-decoration-line', 'white-space', 'line-height',
    'letter-spacing', 'position', 'z-index', 'float', 'transform', 'translate', 'rotate', 'scale', 'filter', 'clip-path', 'overflow-x', 'overflow-y', 'border-top-width', 'border-top-style', 'border-top-color',
    'border-left-width', 'border-radius', 'padding-top', 'padding-left', 'margin-top', 'margin-left', 'outline-style', 'outline-color', 'box-shadow', 'list-style-type', 'direction', 'writing-mode',
    'mix-blend-mode', 'fill', 'stroke', 'stroke-width', 'grid-template-columns', 'flex-direction', 'object-fit', 'columns', 'accent-color', 'color-scheme', 'content-visibility', 'text-shadow',
  ];
  const PSEUDO = ['content', 'display', 'color', 'background-color', 'width', 'height', 'font-size', 'transform', 'opacity'];
  // A frameset is replayed as a grid of frames.
  const SHOWN_AS = { frameset: 'div', frame: 'iframe' };
  const dom = {}, boxes = {}, styles = {};
  const text = (value) => value.replace(/\s+/g, ' ').trim();
  const read = (style, names) => names.map((name) => `${name}:${style.getPropertyValue(name)}`);

  function attributes(element) {
    const kept = [];
    for (const { name, value } of element.attributes) {
      // An address that a replay does not fetch is held under this name, and the page's selectors match it; all others of the kind are the recorder's own.
      const held = name.toLowerCase().replace(/^data-sr-/, '');
      const lower = ADDRESSES.has(held) ? held : name.toLowerCase();
      if (ADDRESSES.has(lower)) {
        kept.push(lower);
      } else if (!IGNORED.test(lower)) {
        kept.push(`${lower}=${value}`);
      }
    }
    const classes = [...element.classList].filter((name) => !/^(rrweb-|rr-|:|\\:)/.test(name));
    return [...new Set(kept.sort()), ...(classes.length ? [`class=${classes.join(' ')}`] : [])].join(' ');
  }

  function state(element) {
    const parts = [];
    const tag = element.localName;
    if (tag === 'input' || tag === 'textarea' || tag === 'select') {
      parts.push(`value=${element.type === 'file' ? '' : element.value}`, `checked=${Boolean(element.checked)}`, `disabled=${element.disabled}`);
      if (tag === 'select') {
        parts.push(`chosen=${[...element.selectedOptions].map((option) => option.index)}`);
      }
    }
    if (tag === 'details' || tag === 'dialog') {
      parts.push(`open=${element.open}`);
    }
    if (element.matches(':popover-open')) {
      parts.push('popover');
    }
    if (tag === 'dialog' && element.matches(':modal')) {
      parts.push('modal');
    }
    if (element.scrollTop !== 0 || element.scrollLeft !== 0) {
      parts.push(`scroll=${Math.round(element.scrollLeft)},${Math.round(element.scrollTop)}`);
    }
    return parts.join(' ');
  }

  function measure(element, path, view) {
    const { x, y, width, height } = element.getBoundingClientRect();
    boxes[path] = [x, y, width, height].map((side) => Math.round(side * 2) / 2).join(' ');
    const style = view.getComputedStyle(element);
    const parts = read(style, STYLES);
    for (const pseudo of ['::before', '::after', '::marker']) {
      const own = view.getComputedStyle(element, pseudo);
      if (!['none', 'normal', ''].includes(own.content)) {
        parts.push(`${pseudo}{${read(own, PSEUDO).map((part) => part.replace(/url\("[^"]*"\)/g, 'url()'))}}`);
      }
    }
    styles[path] = parts;
  }

  function walk(node, path) {
    let elements = 0;
    let words = '';
    for (const child of node.childNodes) {
      if (child.nodeType === 3 || child.nodeType === 4) {
        words += child.data;
      } else if (child.nodeType === 1 && !UNSEEN.has(child.localName)) {
        const at = `${path}/${SHOWN_AS[child.localName] ?? child.localName}${elements++}${child.id ? `#${child.id}` : ''}`;
        visit(child, at);
      }
    }
    if (text(words)) {
      dom[`${path}/text`] = text(words);
    }
  }

  function visit(element, path) {
    dom[path] = [element.namespaceURI.split('/').pop(), attributes(element), state(element)].filter(Boolean).join(' | ');
    measure(element, path, element.ownerDocument.defaultView);
    if (element.shadowRoot) {
      walk(element.shadowRoot, `${path}/shadow`);
    }
    if (element.localName === 'iframe' || element.localName === 'frame' || element.localName === 'object') {
      frame(element, path);
    } else if (element.localName !== 'textarea') {
      walk(element, path);
    }
  }

  function frame(element, path) {
    let inner;
    try {
      inner = element.contentDocument;
    } catch {
      inner = null;
    }
    if (inner?.documentElement) {
      page(inner, `${path}/document`);
    }
  }

  function page(document, path) {
    dom[path] = document.compatMode;
    visit(document.documentElement, `${path}/${document.documentElement.localName}`);
  }

  page(root, '');
  // Styles differ in few of many properties: only those are worth a line.
  return { time: Date.now(), dom, boxes, styles: Object.fromEntries(Object.entries(styles).map(([path, parts]) => [path, parts.join('; ')])) };
}
