// Changes rrweb's recorder as it is built: what wraps functions of the browser, holds nodes or writes to the page is replaced by src/rrweb.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceOnce } from '../../replace-once.mjs';
import { removeUnused } from './rrweb-unused.mjs';

/** Functions and classes of rrweb that are taken out, by the file of src/rrweb that has the one in place; none where nothing calls them. */
const REPLACED = {
  '../listen.ts': ['listen'],
  'deliver.ts': ['deliver'],
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
  'frames.ts': ['Frames'],
  '../natives.ts': ['prototypeOf', 'takeObserver'],
};
/** Not in rrweb: what the changed text uses besides. */
const NEW = new Set([
  'warn', 'noteAdopted', 'Frames', 'listen', 'prototypeOf', 'takeObserver', 'isSameState', 'stateOf', 'deliver', 'nameOf',
]);
/** Parts for options that are not used. */
const UNUSED = [
  'patch', 'polyfill', 'initFontObserver', 'initCanvas2DMutationObserver', 'initCanvasContextObserver', 'patchGLPrototype',
  'initCanvasWebGLMutationObserver', 'WorkerWrapper', 'CanvasManager', 'is2DCanvasBlank', 'getNestedCSSRulePositions', 'getIdAndStyleId',
  'hasNestedCSSRule', 'canMonkeyPatchNestedCSSRule', 'createMirror', 'getUntaintedPrototype', 'mutationObserverCtor', 'variableListFor',
  'serializeArg', 'getNormalizedContextName',
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
    `const mirror = new Mirror((node) => [index.shadowRoot(node), frames.leave(node)].filter(Boolean));
const frames = new Frames((document) => mirror.removeNodeFromMap(document), (document) => mirror.renumber(document));`,
  ],
  [
    /  canvasManager = new CanvasManager\(\{[\s\S]*?\n  \}\);\n/,
    '  canvasManager = { freeze() {}, unfreeze() {}, lock() {}, unlock() {}, reset() {} };\n',
  ],
  ['    if (o.collectFonts) {\n      fontObserver = initFontObserver(o);\n    }\n', ''],
  // What a page has replaced of the DOM is taken where it was not.
  [
    /\nconst testableAccessors = [\s\S]*?\nconst untaintedBasePrototype = \{\};\nconst untaintedBaseIframeCleanup = \{\};\nconst isAngularZonePresent = [\s\S]*?\n\};\n/,
    '\n',
  ],
  [
    'const untaintedPrototype = getUntaintedPrototype(key);\n  const untaintedAccessor',
    'const untaintedPrototype = prototypeOf(key);\n  const untaintedAccessor',
  ],
  [
    'const untaintedPrototype = getUntaintedPrototype(key);\n  const untaintedMethod',
    'const untaintedPrototype = prototypeOf(key);\n  const untaintedMethod',
  ],
  ['const [ObserverCtor, iframeCleanup] = mutationObserverCtor();', 'const [ObserverCtor, iframeCleanup] = [takeObserver(), () => {}];'],
  [/,\n  mutationObserverCtor/, ''],
  // When it begins is decided by its caller.
  [
    /    if \(\["interactive", "complete"\]\.includes\(document\.readyState\)\) \{\n      init\(\);\n    \} else \{[\s\S]*?\n    \}\n    return/,
    '    init();\n    return',
  ],
  // No expression takes more time than a page's text is long.
  ['.replace(/^\\s+|\\s+$/gm, "").length', '.trim().length'],
  [/\nconst URL_IN_CSS_REF = [^\n]*\nconst URL_PROTOCOL_MATCH = [^\n]*\nconst URL_WWW_MATCH = [^\n]*\nconst DATA_URI = [^\n]*\n/, '\n'],
  // Nothing is held of what has left the page.
  ['const mutationBuffers = [];', 'const mutationBuffers = new Set();'],
  ['mutationBuffers.push(mutationBuffer);', 'mutationBuffers.add(mutationBuffer);'],
  // A node can go from one document or shadow root into another.
  ['mutationBuffer.processMutations.bind(mutationBuffer)', '(records) => deliver(mutationBuffers, mutationBuffer, records)'],
  [
    '  observer.observe(rootEl, {\n    attributes: true,',
    '  mutationBuffer.observer = observer;\n  observer.observe(rootEl, {\n    attributes: true,',
  ],
  [
    'return [observer, iframeCleanup];',
    'return [{ disconnect: () => { observer.disconnect(); mutationBuffers.delete(mutationBuffer); } }, iframeCleanup];',
  ],
  [/if \(\(\(_a2 = mutationBuffers\[0\]\)[\s\S]*?\n    \}\n/, ''],
  [
    '      if (!payload.texts.length && !payload.attributes.length && !payload.removes.length && !payload.adds.length) {\n        return;\n      }\n',
    '',
  ],
  [
    '      this.mutationCb(payload);',
    '      if (payload.texts.length || payload.attributes.length || payload.removes.length || payload.adds.length) {\n        this.mutationCb(payload);\n      }',
  ],
  ['    mutationBuffers.forEach((b) => b.reset());\n', ''],
  ['handlers.push(observe(iframeEl.contentDocument));', 'frames.observe(iframeEl, observe);'],
  ['return on("selectionchange", updateSelection);', 'return on("selectionchange", updateSelection, doc);'],
  [
    '      processedNodeManager.destroy();\n',
    '      shadowDomManager.reset();\n      frames.stopAll();\n      mutationBuffers.clear();\n      mirror.reset();\n      lastFullSnapshotEvent = void 0;\n',
  ],
  ['    this.idStyleMap.set(newId, stylesheet);\n', ''],
  // The names of elements are in small letters in XHTML.
  ['const parentTagName = parent && parent.tagName;', 'const parentTagName = parent && nameOf(parent);'],
  ['n.nodeName === "LINK" && n.nodeType === n.ELEMENT_NODE', 'n.nodeType === n.ELEMENT_NODE && nameOf(n) === "LINK"'],
  ['if (n.tagName === "TITLE" &&', 'if (nameOf(n) === "TITLE" &&'],
  ['const parentTag = parentNode2.tagName;', 'const parentTag = nameOf(parentNode2);'],
  ['if (parent && parent.tagName === "TEXTAREA") {', 'if (parent && nameOf(parent) === "TEXTAREA") {'],
  ['target.tagName === "DIALOG"', 'nameOf(target) === "DIALOG"'],
  ['if (m.target.tagName === "TEXTAREA") {', 'if (nameOf(m.target) === "TEXTAREA") {'],
  // The frames of a frameset are frames.
  ['if (tagName === "iframe" && !keepIframeSrcFn(', 'if ((tagName === "iframe" || tagName === "frame") && !keepIframeSrcFn('],
  [
    'if (serializedNode.type === NodeType.Element && serializedNode.tagName === "iframe") {',
    'if (serializedNode.type === NodeType.Element && (serializedNode.tagName === "iframe" || serializedNode.tagName === "frame")) {',
  ],
  ['Boolean(n.nodeName === "IFRAME" && mirror2.getMeta(n))', 'Boolean(["IFRAME", "FRAME"].includes(nameOf(n)) && mirror2.getMeta(n))'],
  // The list of a page's adopted sheets is recorded also when it gets empty.
  ['    if (sheets.length === 0) return;\n', '    noteAdopted(mirror.getNode(hostId), sheets);\n'],
  // Code that has wrapped addEventListener is left out of it.
  [
    '  target.addEventListener(type, fn, options);\n  return () => target.removeEventListener(type, fn, options);\n',
    '  return listen(target, type, fn, options);\n',
  ],
  ['  link.addEventListener("load", () => {', '  listen(link, "load", () => {'],
  // A policy forbids the attribute, and not the style.
  ['old.setAttribute("style", m.oldValue);', 'old.style.cssText = m.oldValue;'],
  // An option is of the list that it is in, also within a group.
  [
    /    const tagName = target && target\.tagName;\n    if \(target && tagName === "OPTION"\) \{\n      target = index\.parentElement\(target\);\n    \}\n/,
    '    while (target && ["OPTION", "OPTGROUP"].includes(nameOf(target))) {\n      target = index.parentElement(target);\n    }\n    const tagName = target && nameOf(target);\n',
  ],
  // A CDATA section of XHTML is text, and masked as text is.
  [/    case n\.TEXT_NODE:\n/, '    case n.TEXT_NODE:\n    case n.CDATA_SECTION_NODE:\n'],
  [/    case n\.CDATA_SECTION_NODE:\n      return \{\n        type: NodeType\.CDATA,[\s\S]*?\n      \};\n/, ''],
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
  // Fields that were passwords are remembered and not marked.
  ['target.setAttribute("data-rr-is-password", "true");', 'noteSecretField(target);'],
];

/**
 * What must not be left: functions of the browser that are replaced, properties that are put on them, lines in the page's console, names as
 * only HTML has them.
 */
const FORBIDDEN = [
  /\.prototype(\.\w+|\[\w+\])? = /, /(?<!__defProp = )Object\.definePropert/, /new Proxy\(/, /\bconsole\./, /source\[name\] = /,
  /(tag|node)Name === "[A-Z]/,
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
  changed = removeUnused(changed);
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
  return `${imports.join('')}import { noteSecretField } from 'src/masking.ts';\n${changed}\nexport { inDom, initMutationObserver, isNativeShadowDom, stringifyStylesheet };\n`;
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
