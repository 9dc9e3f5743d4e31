// Changes rrweb's recorder as it is built: what wraps functions of the browser, holds nodes or writes to the page is replaced by src/rrweb.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceOnce } from '../../replace-once.mjs';
import { removeUnused } from './rrweb-unused.mjs';

/** Functions and classes of rrweb that are taken out, by the file of src/rrweb that has the one in place; none where nothing calls them. */
const REPLACED = {
  '../listen.ts': ['listen'],
  'deliver.ts': ['initMutationObserver', 'mutationBuffers'],
  'mutation-buffer.ts': ['MutationBuffer'],
  'serialize.ts': ['serializeDocument'],
  'errors.ts': ['registerErrorHandler', 'unregisterErrorHandler', 'callbackWrapper', 'warn'],
  'setters.ts': ['hookSetter'],
  'scrolls.ts': ['initScrollObserver'],
  'style-sheets.ts': ['initStyleSheetObserver'],
  'style-declarations.ts': ['initStyleDeclarationObserver'],
  'adopted-sheets.ts': ['initAdoptedStyleSheetObserver', 'noteAdopted'],
  'custom-elements.ts': ['initCustomElementObserver'],
  'shadow-roots.ts': ['ShadowDomManager'],
  'mirror.ts': ['Mirror'],
  'css.ts': ['absolutifyURLs'],
  'field-states.ts': ['isSameState', 'stateOf'],
  'names.ts': ['nameOf'],
  'dom.ts': ['inDom', 'isShadowRoot', 'nowTimestamp'],
  'frames.ts': ['Frames'],
  '../capture/admission.ts': ['admission'],
};
/** Not in rrweb: what the changed text uses besides. */
const NEW = new Set([
  'warn', 'noteAdopted', 'Frames', 'listen', 'isSameState', 'stateOf', 'nameOf', 'mutationBuffers', 'serializeDocument', 'nowTimestamp',
  'admission',
]);
/** Parts for options that are not used. */
const UNUSED = [
  'patch', 'polyfill', 'initFontObserver', 'initCanvas2DMutationObserver', 'initCanvasContextObserver', 'patchGLPrototype',
  'initCanvasWebGLMutationObserver', 'WorkerWrapper', 'CanvasManager', 'is2DCanvasBlank', 'getNestedCSSRulePositions', 'getIdAndStyleId',
  'hasNestedCSSRule', 'canMonkeyPatchNestedCSSRule', 'createMirror', 'getUntaintedPrototype', 'mutationObserverCtor', 'variableListFor',
  'serializeArg', 'getNormalizedContextName', 'getUntaintedAccessor', 'getUntaintedMethod', 'ownerDocument', 'childNodes', 'parentNode',
  'parentElement', 'textContent', 'firstChild', 'lastChild', 'nextSibling', 'previousSibling', 'contains', 'getRootNode', 'host',
  'styleSheets', 'shadowRoot', 'querySelector', 'querySelectorAll', 'isElement', 'isSVGElement', 'transformAttribute', '_isBlockedElement',
  'needMaskingText', 'serializeNode', 'getRootId', 'serializeTextNode', 'serializeElementNode', 'lowerIfExists', 'slimDOMDefaults',
  'slimDOMExcluded', 'serializeNodeWithId', 'snapshot', 'isSerialized', 'isIgnored', 'isAncestorRemoved', 'isSerializedIframe',
  'isSerializedStylesheet', 'hasShadowRoot', 'getShadowHost', 'getRootShadowHost', 'shadowHostInDom', 'deepDelete', 'processRemoves',
  'isSelfOrAncestorInSet', '_isSelfOrAncestorInSet',
];

/** Texts that stand exactly once in rrweb, and what takes their place. */
const TEXTS = [
  // A page that has replaced Array.from keeps what it has.
  [/\ntry \{\n  if \(Array\.from\(\[1\][\s\S]*?\n\} catch \(err\) \{\n[^\n]*\n\}\n/, '\n'],
  ['\n  polyfill();\n', '\n'],
  [/\nconst jsContent = [^\n]*\nconst blob = [^\n]*\n/, '\n'],
  [/\nlet _mirror = \{[\s\S]*?\n\};\nif \(typeof window !== "undefined"[\s\S]*?\n\}\n/, '\n'],
  [/\nconst serializeArgs = [\s\S]*?\n\};\n/, '\n'],
  [/\nconst saveWebGLVar = [\s\S]*?\n\};\n/, '\n'],
  [/\nconst isInstanceOfWebGLObject = [\s\S]*?\n\};\n/, '\n'],
  [/,\n  patch\n\};/, '\n};'],
  [
    'const mirror = createMirror();',
    `const mirror = new Mirror((node) => frames.leave(node));
const frames = new Frames((document) => mirror.removeNodeFromMap(document), (document) => mirror.renumber(document));`,
  ],
  [
    /  canvasManager = new CanvasManager\(\{[\s\S]*?\n  \}\);\n/,
    '  canvasManager = { freeze() {}, unfreeze() {}, lock() {}, unlock() {}, reset() {} };\n',
  ],
  ['    if (o.collectFonts) {\n      fontObserver = initFontObserver(o);\n    }\n', ''],
  // The DOM is read by dom.ts.
  [
    /\nconst testableAccessors = [\s\S]*?\nconst untaintedBasePrototype = \{\};\nconst untaintedBaseIframeCleanup = \{\};\nconst isAngularZonePresent = [\s\S]*?\n\};\n/,
    '\n',
  ],
  ['const untaintedAccessorCache = {};\n', ''],
  ['const untaintedMethodCache = {};\n', ''],
  [/\nlet nowTimestamp = Date\.now;\nif [\s\S]*?\n\}\n/, '\n'],
  [/\nconst index = \{[\s\S]*?\n\};\n/, '\n'],
  // When it begins is decided by its caller.
  [
    /    if \(\["interactive", "complete"\]\.includes\(document\.readyState\)\) \{\n      init\(\);\n    \} else \{[\s\S]*?\n    \}\n    return/,
    '    init();\n    return',
  ],
  // No expression takes more time than a page's text is long.
  ['.replace(/^\\s+|\\s+$/gm, "").length', '.trim().length'],
  [/\nconst URL_IN_CSS_REF = [^\n]*\nconst URL_PROTOCOL_MATCH = [^\n]*\nconst URL_WWW_MATCH = [^\n]*\nconst DATA_URI = [^\n]*\n/, '\n'],
  // Nodes, and what changes of them, are written by serialize.ts and mutation-buffer.ts: private content is hidden as it is read.
  ['const mutationBuffers = [];\n', ''],
  [/if \(\(\(_a2 = mutationBuffers\[0\]\)[\s\S]*?\n    \}\n/, ''],
  ['    mutationBuffers.forEach((buf) => buf.lock());\n', ''],
  ['    mutationBuffers.forEach((buf) => buf.unlock());\n', ''],
  [
    /const node = snapshot\(document, \{[\s\S]*?\n    \}\);/,
    'const node = serializeDocument(document, { doc: document, mirror, iframeManager, stylesheetManager, shadowDomManager });',
  ],
  [/\nconst moveKey = [^\n]*/, ''],
  ['  const slimDOMOptions = slimDOMDefaults(_slimDOMOptions);\n', ''],
  ['    slimDOMOptions: _slimDOMOptions,\n', ''],
  ['      sampling,\n      slimDOMOptions,\n', '      sampling,\n'],
  [/          slimDOMOptions,\n(?=          dataURLOptions)/, ''],
  // What is in a frame that is left out, and the sheet of a link that is, are not recorded.
  ['    this.mutationCb({\n      adds: [\n', '    if (!admission().about(iframeEl).isBlocked) this.mutationCb({\n      adds: [\n'],
  ['if ("_cssText" in childSn.attributes)', 'if ("_cssText" in childSn.attributes && admission().change(linkEl, childSn.attributes))'],
  // An event comes with the node that it is of.
  ['wrappedEmit = (r, isCheckout) => {', 'wrappedEmit = (r, node) => {'],
  ['      },\n      isCheckout\n    );\n    stylesheetManager.reset', '      }\n    );\n    stylesheetManager.reset'],
  ['initialOffset: getWindowScroll(window)\n        }\n      },\n      isCheckout\n', 'initialOffset: getWindowScroll(window)\n        }\n      }\n'],
  ['callbackWrapper(mouseInteractionCb)({', 'callbackWrapper((d) => mouseInteractionCb(d, target))({'],
  ['callbackWrapper(inputCb)({', 'callbackWrapper((change) => inputCb(change, target))({'],
  ['          loop\n        });\n', '          loop\n        }, target);\n'],
  ['  adoptStyleSheets(sheets, hostId) {\n', '  adoptStyleSheets(sheets, user) {\n    const hostId = mirror.getId(user);\n'],
  ['        this.mirror.getId(iframeEl.contentDocument)\n', '        iframeEl.contentDocument\n'],
  ['        mirror.getId(document)\n', '        document\n'],
  ['this.adoptedStyleSheetCb(adoptedStyleSheetData);', 'this.adoptedStyleSheetCb(adoptedStyleSheetData, user);'],
  ['    mutationBuffers.forEach((b) => b.reset());\n', ''],
  ['handlers.push(observe(iframeEl.contentDocument));', 'frames.observe(iframeEl, observe);'],
  ['return on("selectionchange", updateSelection);', 'return on("selectionchange", updateSelection, doc);'],
  [
    '      processedNodeManager.destroy();\n',
    '      shadowDomManager.reset();\n      frames.stopAll();\n      mutationBuffers.clear();\n      mirror.reset();\n      lastFullSnapshotEvent = void 0;\n',
  ],
  ['    this.idStyleMap.set(newId, stylesheet);\n', ''],
  // The names of elements are in small letters in XHTML.
  // The list of a page's adopted sheets is recorded also when it gets empty.
  ['    if (sheets.length === 0) return;\n', '    noteAdopted(user, sheets);\n'],
  // Code that has wrapped addEventListener is left out of it.
  [
    '  target.addEventListener(type, fn, options);\n  return () => target.removeEventListener(type, fn, options);\n',
    '  return listen(target, type, fn, options);\n',
  ],
  ['  link.addEventListener("load", () => {', '  listen(link, "load", () => {'],
  // A document that is there is recorded in the task that shows it: a replay of that moment has it, too. That of `srcdoc` is still to come.
  ['    setTimeout(listener, 0);\n    return iframeEl', '    queueMicrotask(listener);\n    return iframeEl'],
  ['iframeEl.src === "") {', 'iframeEl.src === "" && !iframeEl.hasAttribute("srcdoc")) {'],
  // An option is of the list that it is in, also within a group.
  [
    /    const tagName = target && target\.tagName;\n    if \(target && tagName === "OPTION"\) \{\n      target = index\.parentElement\(target\);\n    \}\n/,
    '    while (target && ["OPTION", "OPTGROUP"].includes(nameOf(target))) {\n      target = index.parentElement(target);\n    }\n    const tagName = target && nameOf(target);\n',
  ],
  // A list's further choices, and a checkbox that is neither ticked nor not.
  [
    'userTriggeredOnInput ? { text, isChecked, userTriggered } : { text, isChecked }\n    );',
    '{ text, isChecked, ...stateOf(target) }\n    );',
  ],
  [
    'lastInputValue.text !== v.text || lastInputValue.isChecked !== v.isChecked)',
    'lastInputValue.text !== v.text || lastInputValue.isChecked !== v.isChecked || !isSameState(lastInputValue, v))',
  ],
  [
    '    [currentWindow.HTMLInputElement.prototype, "checked"],\n',
    '    [currentWindow.HTMLInputElement.prototype, "checked"],\n    [currentWindow.HTMLInputElement.prototype, "indeterminate"],\n',
  ],
];

/**
 * What must not be left: functions of the browser that are replaced, properties that are put on them, lines in the page's console, names as
 * only HTML has them.
 */
const FORBIDDEN = [
  /\.prototype(\.\w+|\[\w+\])? = /, /(?<!__defProp = )Object\.definePropert/, /new Proxy\(/, /\bconsole\./, /source\[name\] = /,
  /(tag|node)Name === "[A-Z]/,
];

/** Callbacks for changes of one node. */
const OF_NODES = [
  'mouseInteractionCb', 'inputCb', 'mediaInteractionCb', 'styleSheetRuleCb', 'styleDeclarationCb', 'wrappedScrollEmit',
  'wrappedAdoptedStyleSheetEmit',
];

/** What the files of src/rrweb use of rrweb. */
const EXPORTED = [
  'absoluteToDoc', 'extractFileExtension', 'genId', 'getAbsoluteSrcsetString', 'getValidTagName', 'ignoreAttribute', 'isNativeShadowDom',
  'markCssSplits', 'onceIframeLoaded', 'onceStylesheetLoaded', 'stringifyStylesheet',
];

/** Changes the text of rrweb's record.js; fails where it is not as expected. */
export function changeRrweb(text) {
  let changed = text;
  const replace = (find, by) => {
    changed = replaceOnce(changed, find, by);
  };
  TEXTS.forEach(([find, by]) => replace(find, by));
  const remove = (name) => replace(new RegExp(`\\n(function ${name}\\(|class ${name} |const ${name} = \\()[\\s\\S]*?\\n\\};?\\n`), '\n');
  [
    ...Object.values(REPLACED)
      .flat()
      .filter((name) => !NEW.has(name)),
    ...UNUSED,
  ].forEach(remove);
  changed = OF_NODES.reduce(passNode, removeUnused(changed));
  changed = changed
    .replaceAll(/\bconsole\.(warn|error|debug)\(/g, 'warn(')
    .replaceAll('iframeEl.addEventListener("load", ', 'frames.onLoad(iframeEl, ');
  for (const forbidden of FORBIDDEN) {
    const left = changed.match(forbidden);
    if (left) {
      throw new Error(`rrweb still does what it must not: ${changed.slice(Math.max(0, left.index - 100), left.index + 100)}`);
    }
  }
  const imports = Object.entries(REPLACED).map(([file, names]) => `import { ${names.join(', ')} } from 'src/rrweb/${file}';\n`);
  return `import * as index from 'src/rrweb/dom.ts';\n${imports.join('')}${changed}\nexport { ${EXPORTED.join(', ')} };\n`;
}

/** Gives a callback of rrweb the node that a change is of, to be passed on with the event. */
function passNode(text, name) {
  const [found, head, parameter, event] = new RegExp(`(${name}(?:: | = ))\\((\\w)\\) => wrappedEmit\\((\\{[^}]*\\}\\s*\\})\\)`).exec(text) ?? [];
  return replaceOnce(text, found ?? name, `${head}(${parameter}, node) => wrappedEmit(${event}, node)`);
}

/** The plugin for esbuild. `here` is the package's folder. */
export function rrweb(here) {
  return {
    name: 'rrweb',
    setup(build) {
      build.onLoad({ filter: /@rrweb[\\/]record[\\/]dist[\\/]record\.js$/ }, async ({ path }) => ({
        contents: changeRrweb(await readFile(path, 'utf8')).replaceAll(`from 'src/`, `from '${here}/src/`),
        loader: 'js',
        resolveDir: join(here),
      }));
    },
  };
}
