// long file: a page runs it as one script, and most of it is a list of calls
// Runs in a page: calls functions of the browser with good and bad arguments, and writes down all that the page can see of it.
(() => {
  const log = [];
  const traps = new Map();
  /** An argument that writes down each operation on it. */
  const spied = (target, name) =>
    new Proxy(
      target,
      Object.fromEntries(
        Object.getOwnPropertyNames(Reflect).map((trap) => [
          trap,
          (...args) => {
            traps
              .get(log.name)
              .push(`${name}.${trap}(${trap === 'get' || trap === 'has' || trap === 'getOwnPropertyDescriptor' ? String(args[1]) : ''})`);
            return Reflect[trap](...args);
          },
        ]),
      ),
    );
  const text = (value, name) => ({
    toString() {
      traps.get(log.name).push(`${name}.toString`);
      return value;
    },
    valueOf() {
      traps.get(log.name).push(`${name}.valueOf`);
      return value;
    },
  });
  const thrower = { toString() { throw new RangeError('of the page'); }, valueOf() { throw new RangeError('of the page'); } };
  const show = (value) => {
    if (value instanceof Promise) { return 'promise'; }
    if (typeof value === 'object' && value !== null) { return Object.prototype.toString.call(value); }
    return typeof value === 'function' ? `function ${value.name}` : `${typeof value} ${String(value)}`;
  };
  const attempt = (name, run) => {
    log.name = name;
    traps.set(name, []);
    let outcome;
    try {
      outcome = show(run());
    } catch (error) {
      outcome = `throws ${error instanceof Error || error instanceof DOMException} ${error.name}: ${error.message}`;
    }
    log.push(`${name} → ${outcome}`);
  };
  /** Calls a function with each list of arguments, as a method of what `self` makes. */
  const calls = (label, self, name, lists, state = () => '') => lists.forEach((list, at) => {
    const on = self();
    attempt(`${label}.${name} ${at}`, () => on[name](...list()));
    log.push(`  ${state(on)}`);
  });
  const sets = (label, self, name, values) => values.forEach((value, at) => {
    const on = self();
    attempt(`${label}.${name} = ${at}`, () => { on[name] = value(); });
    log.push(`  ${show(on[name])}`);
  });
  const make = (tag, attributes = {}) => Object.assign(document.body.appendChild(document.createElement(tag)), attributes);
  const sheet = () => {
    const style = make('style');
    style.textContent = 'p{top:1px} p{top:2px}';
    return style.sheet;
  };
  const constructed = () => {
    const made = new CSSStyleSheet();
    made.replaceSync('p{top:1px} p{top:2px}');
    document.adoptedStyleSheets = [made];
    return made;
  };
  const group = () => {
    const style = make('style');
    style.textContent = '@media all{p{top:1px} p{top:2px}}';
    return style.sheet.cssRules[0];
  };
  const nesting = () => {
    const style = make('style');
    style.textContent = 'p{top:1px; b{top:2px}}';
    return style.sheet.cssRules[0];
  };
  const rules = (on) => {
    try {
      return [...on.cssRules].map((rule) => rule.cssText).join(' ').slice(0, 300);
    } catch (error) {
      return error.name; // Firefox replaces the rules of a sheet later.
    }
  };
  const adopt = (value) => () => [value].flat();
  const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

  window.callNatives = async () => {
    const inserts = [
      () => ['a{color:red}'], () => ['a{color:red}', 2], () => ['a{color:red}', '1'], () => ['.x::-moz-placeholder{color:red}', 0],
      () => ['nonsense'], () => [], () => ['a{}', 99], () => ['a{}', -1], () => [text('a{}', 'rule'), text(1, 'index')], () => [thrower],
      () => ['a{}', thrower], () => [null], () => [Symbol('s')], () => ['a{}', 1n], () => ['a{}', 1.9], () => ['a{}', NaN],
      () => ['a{}', 4294967296], () => ['@import url(x.css)', 1], () => ['a{} b{}'], () => ['a{}', undefined], () => ['a{}', null],
    ];
    const deletes = [
      () => [0], () => ['1'], () => [99], () => [-1], () => [], () => [text(1, 'index')], () => [thrower], () => [undefined], () => [1n],
      () => [Symbol('s')], () => [1.9], () => [{}], () => [null],
    ];
    const texts = [
      () => ['p{top:3px}'], () => [], () => [text('a{}', 'text')], () => [thrower], () => [null], () => ['{{{'], () => [Symbol('s')],
      () => ['@import url(x.css); a{}'],
    ];
    for (const [label, on] of [
      ['sheet', sheet], ['constructed', constructed], ['group', group], ['nesting', nesting],
    ]) {
      calls(label, on, 'insertRule', inserts, rules);
      calls(label, on, 'deleteRule', deletes, rules);
      await settle();
    }
    for (const [label, on] of [
      ['sheet', sheet],
      ['constructed', constructed],
    ]) {
      calls(
        label,
        on,
        'addRule',
        [
          () => ['a', 'color:red'],
          () => ['a', 'color:red', 0],
          () => [],
          () => ['a', 'color:red', 99],
          () => [text('a', 'selector'), text('top:0', 'block'), text(0, 'index')],
          () => [thrower],
          () => ['{'],
        ],
        rules,
      );
      calls(label, on, 'removeRule', deletes, rules);
      calls(label, on, 'replaceSync', texts, rules);
      for (const list of texts) {
        const of = on();
        attempt(`${label}.replace`, () => of.replace(...list()));
        log.push(
          `  ${await of.replace(...(list === texts[3] || list === texts[6] ? ['x{}'] : list())).then(
            (s) => show(s),
            (e) => `${e.name}: ${e.message}`,
          )} ${rules(of)}`,
        );
      }
    }
    const style = () => sheet().cssRules[0].style;
    for (const [label, on] of [
      ['rule', style],
      ['inline', () => make('p').style],
    ]) {
      calls(
        label,
        on,
        'setProperty',
        [
          () => ['top', '5px'],
          () => ['top', '5px', 'important'],
          () => ['top', '5px', 'nonsense'],
          () => ['top', null],
          () => ['top', undefined],
          () => ['top'],
          () => [],
          () => ['nope', 'x'],
          () => ['--x', text('y', 'value')],
          () => [text('top', 'property'), text('9px', 'value'), text('important', 'priority')],
          () => [thrower, 'x'],
          () => ['top', thrower],
          () => ['top', Symbol('s')],
          () => ['top', 5],
          () => ['z-index', 5],
          () => ['z-index', true],
        ],
        (on) => on.cssText,
      );
      calls(
        label,
        on,
        'removeProperty',
        [() => ['top'], () => [], () => ['nope'], () => [text('top', 'property')], () => [thrower], () => [null]],
        (on) => on.cssText,
      );
    }
    const values = [
      () => 'text', () => null, () => undefined, () => 5, () => text('t', 'value'), () => thrower, () => Symbol('s'), () => true,
      () => ({}),
    ];
    sets('input', () => make('input'), 'value', values);
    sets('number', () => make('input', { type: 'number' }), 'value', values);
    sets('file', () => make('input', { type: 'file' }), 'value', values);
    sets('checkbox', () => make('input', { type: 'checkbox' }), 'checked', values);
    sets('textarea', () => make('textarea'), 'value', values);
    const select = () => make('select', { innerHTML: '<option>a<option>text<option>c' });
    sets('select', select, 'value', values);
    sets('select', select, 'selectedIndex', values);
    sets('option', () => select().options[1], 'selected', values);
    const frames = () => {
      const style = make('style');
      style.textContent = '@keyframes k{from{top:1px} to{top:2px}}';
      return style.sheet.cssRules[0];
    };
    sets('rule', () => sheet().cssRules[0], 'selectorText', values);
    sets('rule', () => sheet().cssRules[0], 'style', values);
    sets('media', group, 'media', values);
    sets('keyframe', () => frames().cssRules[0], 'keyText', values);
    sets('keyframes', frames, 'name', values);
    calls(
      'keyframes',
      frames,
      'appendRule',
      [() => ['50%{top:3px}'], () => [], () => ['nonsense'], () => [text('50%{}', 'rule')], () => [thrower], () => [Symbol('s')]],
      rules,
    );
    calls(
      'keyframes',
      frames,
      'deleteRule',
      [() => ['to'], () => [], () => ['99%'], () => [text('from', 'select')], () => [thrower]],
      rules,
    );
    sets('sheet', sheet, 'disabled', values);
    sets('link', () => make('link', { rel: 'stylesheet' }), 'disabled', values);
    sets('style', () => make('style'), 'disabled', values);
    const own = new CSSStyleSheet();
    for (const [label, on] of [
      ['document', () => document],
      ['root', () => make('div').attachShadow({ mode: 'open' })],
    ]) {
      sets(label, on, 'adoptedStyleSheets', [
        () => [], () => [own], () => [own, own], () => spied([own], 'sheets'), () => null, () => 5, () => [1], () => new Set([own]),
        () => [document.styleSheets[0]], adopt([]),
      ]);
    }
    calls(
      'element',
      () => make('div'),
      'attachShadow',
      [
        () => [{ mode: 'open' }],
        () => [{ mode: 'closed' }],
        () => [],
        () => [null],
        () => [{}],
        () => [{ mode: 'nonsense' }],
        () => [spied({ mode: 'open', delegatesFocus: true }, 'init')],
        () => [
          {
            get mode() {
              throw new RangeError('of the page');
            },
          },
        ],
      ],
      (on) => show(on.shadowRoot),
    );
    attempt('attachShadow twice', () => {
      const div = make('div');
      div.attachShadow({ mode: 'open' });
      div.attachShadow({ mode: 'open' });
    });
    attempt('attachShadow on input', () => make('input').attachShadow({ mode: 'open' }));
    let number = 0;
    const name = () => `x-${++number}`;
    calls('customElements', () => customElements, 'define', [
      () => [name(), class extends HTMLElement {}],
      () => ['x-1', class extends HTMLElement {}],
      () => ['nodash', class extends HTMLElement {}],
      () => [],
      () => [name()],
      () => [name(), {}],
      () => [text(name(), 'name'), class extends HTMLElement {}],
      () => [name(), class extends HTMLLIElement {}, spied({ extends: 'li' }, 'options')],
      () => [
        name(),
        class extends HTMLElement {
          static get observedAttributes() {
            throw new RangeError('of the page');
          }
        },
      ],
    ]);
    for (const method of ['pushState', 'replaceState']) {
      calls(
        'history',
        () => history,
        method,
        [
          () => [{}, '', '#a'],
          () => [],
          () => [1],
          () => [spied({ a: 1 }, 'state'), ''],
          () => [
            {
              get a() {
                throw new RangeError('of the page');
              },
            },
            '',
          ],
          () => [{}, '', 'http://other.example/'],
          () => [{}, '', 'http://:bad:'],
          () => [() => 1, ''],
          () => [{}, text('t', 'title'), text('#b', 'url')],
          () => [{}, '', thrower],
          () => [null, null, null],
          () => [undefined, undefined, undefined],
        ],
        () => location.hash + JSON.stringify(history.state),
      );
    }
    calls('navigator', () => navigator, 'sendBeacon', [
      () => ['/data.json'], () => ['/data.json', 'x'], () => [], () => ['http://:bad:'],
      () => [text('/data.json', 'url'), text('b', 'body')], () => [thrower], () => ['ftp://x/'],
      () => [new URL('/data.json', location.href)],
    ]);
    const xhr = () => new XMLHttpRequest();
    calls(
      'xhr',
      xhr,
      'open',
      [
        () => ['GET', '/data.json'],
        () => ['GET'],
        () => [],
        () => ['BAD METHOD', '/x'],
        () => ['TRACE', '/x'],
        () => ['GET', 'http://:bad:'],
        () => [text('post', 'method'), text('/data.json', 'url'), text('', 'async'), text('u', 'user')],
        () => [thrower, '/x'],
        () => ['GET', thrower],
        () => ['GET', new URL('/data.json', location.href)],
        () => ['GET', '/data.json', false],
        () => [Symbol('s'), '/x'],
      ],
      (on) => on.readyState,
    );
    const opened = (async) => () => {
      const made = xhr();
      made.open('POST', '/data.json', async);
      return made;
    };
    calls('unopened', xhr, 'send', [() => [], () => ['x'], () => [thrower]]);
    calls(
      'opened',
      opened(true),
      'send',
      [() => [], () => ['x'], () => [text('x', 'body')], () => [thrower], () => [spied({}, 'body')], () => [document], () => [null]],
      (on) => on.readyState,
    );
    calls('synchronous', opened(false), 'send', [() => [], () => ['x'], () => [null]], (on) => `${on.status} ${on.responseText}`);
    attempt('sent twice', () => { const made = opened(true)(); made.send(); made.send(); });
    const fetches = [
      () => ['/data.json'],
      () => [],
      () => ['http://:bad:'],
      () => ['/data.json', { method: 'BAD METHOD' }],
      () => ['/data.json', spied({ method: 'POST', body: 'b' }, 'init')],
      () => [text('/data.json', 'input')],
      () => [thrower],
      () => ['/data.json', 5],
      () => ['/data.json', null],
      () => ['/data.json', spied(Object.freeze({ method: 'PUT', headers: { a: 'b' } }), 'init')],
      () => [
        '/data.json',
        {
          get method() {
            traps.get(log.name).push('method read');
            return 'POST';
          },
          get body() {
            traps.get(log.name).push('body read');
            return 'x';
          },
        },
      ],
      () => [
        '/data.json',
        {
          get method() {
            throw new RangeError('of the page');
          },
        },
      ],
      () => [new Request('/data.json', { method: 'POST', body: 'x' })],
      () => [new URL('/data.json', location.href)],
      () => [spied(new URL('/data.json', location.href), 'url')],
      () => ['/data.json', { method: text('POST', 'method'), headers: spied({ 'X-A': 'b' }, 'headers') }],
      () => ['/data.json', { signal: AbortSignal.abort() }],
      () => ['/data.json', { body: 'x' }],
      () => [Symbol('s')],
      () => ['/data.json', Object.create({ method: 'POST' })],
      () => ['/data.json', Object.assign(() => 1, { method: 'POST' })],
    ];
    for (const [at, list] of fetches.entries()) {
      let result;
      attempt(`fetch ${at}`, () => (result = fetch(...list())));
      log.push(
        `  ${await Promise.resolve(result).then(
          (r) => (r ? `${r.status} ${r.type} ${r.redirected} ${r.bodyUsed}` : ''),
          (e) => `${e.name}: ${e.message}`,
        )}`,
      );
    }
    for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'assert']) {
      calls('console', () => console, level, [
        () => [],
        () => ['%s %d', 'a', 1],
        () => [Symbol('s')],
        () => [null, undefined, 1n],
        () => [spied({ a: 1 }, 'arg'), spied([1], 'list'), spied(() => 1, 'function'), spied(new Error('e'), 'error')],
        () => [false, spied({}, 'arg')],
      ]);
    }
    // What is in a logged object is read when the code of the page has come to its end: not by the call.
    traps.set((log.name = 'after the calls'), []);
    await settle();
    traps.delete('after the calls');
    attempt('console.log alone', () => { const { log: alone } = console; return alone('x'); });
    // What is called on something else than the browser expects.
    for (const [label, of] of [
      ['insertRule', CSSStyleSheet.prototype.insertRule],
      ['style', Object.getOwnPropertyDescriptor(CSSStyleRule.prototype, 'style').get],
      ['selectorText', Object.getOwnPropertyDescriptor(CSSStyleRule.prototype, 'selectorText').set],
      ['deleteRule', CSSGroupingRule.prototype.deleteRule],
      ['setProperty', CSSStyleDeclaration.prototype.setProperty],
      ['replaceSync', CSSStyleSheet.prototype.replaceSync],
      ['attachShadow', Element.prototype.attachShadow],
      ['pushState', History.prototype.pushState],
      ['open', XMLHttpRequest.prototype.open],
      ['send', XMLHttpRequest.prototype.send],
      ['sendBeacon', Navigator.prototype.sendBeacon],
      ['define', CustomElementRegistry.prototype.define],
      ['fetch', fetch],
      ['value', Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set],
      ['adopted', Object.getOwnPropertyDescriptor(Document.prototype, 'adoptedStyleSheets').get],
    ]) {
      for (const [at, self] of [undefined, null, {}, 5, document].entries()) {
        attempt(`${label} on ${at}`, () => {
          const result = of.call(self, 'a{}', 0);
          if (result instanceof Promise) {
            result.catch(() => 0);
          }
          return result;
        });
      }
      attempt(`new ${label}`, () => new of('a{}'));
      attempt(`${label} bound`, () => show(of.bind(null)));
    }
    await settle();
    return [...log, ...[...traps].filter(([, list]) => list.length > 0).map(([name, list]) => `${name}: ${list.join(' ')}`)];
  };

  /** Writes down how the browser's own functions and properties look. */
  window.lookAtNatives = () => {
    const owners = {
      window,
      navigator,
      history,
      document,
      console,
      'Document.prototype': Document.prototype,
      customElements,
      ...Object.fromEntries(
        [
          'CSSStyleSheet', 'StyleSheet', 'CSSKeyframesRule', 'CSSKeyframeRule', 'CSSFontFaceRule', 'HTMLLinkElement', 'HTMLStyleElement',
          'HTMLImageElement', 'CSSGroupingRule', 'CSSStyleRule', 'CSSMediaRule', 'CSSStyleDeclaration', 'HTMLInputElement',
          'HTMLSelectElement', 'HTMLTextAreaElement', 'HTMLOptionElement', 'Element', 'Node', 'EventTarget', 'ShadowRoot',
          'CustomElementRegistry', 'History', 'Navigator', 'XMLHttpRequest', 'HTMLCanvasElement', 'CanvasRenderingContext2D', 'FontFace',
          'HTMLMediaElement', 'NodeList', 'Array', 'Promise', 'Date', 'Response', 'Request',
        ].flatMap((name) => [
          [name, window[name]],
          [`${name}.prototype`, window[name].prototype],
        ]),
      ),
    };
    const look = (f) =>
      typeof f === 'function'
        ? `${f.name} ${f.length} ${f.toString()} ${f.toString.name} ${Object.getOwnPropertyNames(f).sort()} ${'prototype' in f} ${Function.prototype.toString.call(f).includes('[native code]')} ${Object.isFrozen(f)} ${f === f.valueOf()}`
        : typeof f;
    return Object.entries(owners)
      .flatMap(([owner, of]) =>
        Reflect.ownKeys(of)
          .filter((key) => !['SessionReplay', 'callNatives', 'lookAtNatives'].includes(key))
          .map((key) => {
            const d = Object.getOwnPropertyDescriptor(of, key);
            return `${owner}.${String(key)} ${d.configurable} ${d.enumerable} ${d.writable} ${look(d.value)} ${look(d.get)} ${look(d.set)}`;
          }),
      )
      .sort();
  };
})();
