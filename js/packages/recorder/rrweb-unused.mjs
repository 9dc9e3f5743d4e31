// Takes out of rrweb's recorder what no option of ours turns on, so that no page loads it: canvases, frames of other origins, hooks,
// checkouts, and the names of numbers.
import { replaceOnce } from '../../replace-once.mjs';

/** Functions, classes and constants that nothing calls once the texts below are changed. */
const UNUSED = ['mergeHooks', 'CrossOriginIframeMirror', 'BaseRRNode'];

/** Enumerations whose members are used as numbers alone. */
const ENUMS = ['EventType', 'IncrementalSource', 'NodeType', 'MediaInteractions', 'PointerTypes'];

/** Texts that stand exactly once in rrweb, and what takes their place. */
const TEXTS = [
  // Canvases and inlined images: what the player shows in their place is their size.
  [/  canvasManager = \{ freeze\(\) \{\}[^\n]*\n/, ''],
  ['let canvasManager;\n', ''],
  ['      canvasManager,\n      keepIframeSrcFn,', '      keepIframeSrcFn,'],
  ['          canvasManager,\n          ignoreCSSAttributes,', '          ignoreCSSAttributes,'],
  [/\nvar chars = "ABC[^\n]*\nvar lookup = [^\n]*\nfor \(var i = 0; i < chars\.length; i\+\+\) \{[\s\S]*?\n\}\nvar encode = function[\s\S]*?\n\};\nconst canvasVarMap = [^\n]*\n/, '\n'],
  // Hooks.
  ['  mergeHooks(o, hooks);\n', ''],
  ['function initObservers(o, hooks = {}) {', 'function initObservers(o) {'],
  [/,\n        hooks\n      \);/, '\n      );'],
  ['    hooks,\n    packFn,\n', ''],
  // Frames of other origins.
  [/  handleMessage\(message\) \{\n[\s\S]*?\n(?=\}\n)/, ''],
  [/    __publicField\(this, "crossOriginIframeMap"[\s\S]*?"crossOriginIframeRootIdMap"[^\n]*\n/, ''],
  [/    this\.recordCrossOriginIframes = [\s\S]*?(?=    this\.mirror = options\.mirror;\n    if \(this\.rec)/, ''],
  ['    __publicField(this, "recordCrossOriginIframes");\n', ''],
  [/    if \(this\.recordCrossOriginIframes\) \{[\s\S]*?\n    \}\n/, ''],
  ['    if (iframeEl.contentWindow)\n      this.crossOriginIframeMap.set(iframeEl.contentWindow, iframeEl);\n', ''],
  [/    if \(this\.recordCrossOriginIframes\)\n[\s\S]*?\n      \);\n/, ''],
  [/  for \(const plugin of plugins \|\| \[\]\) \{\n    if \(plugin\.getMirror\)[\s\S]*?\n  \}\n/, ''],
  [/  const inEmittingFrame = [\s\S]*?(?=  if \(mousemoveWait)/, ''],
  [/        if \(inEmittingFrame\) \{[\s\S]*?(?=    if \(e\.type === EventType\.FullSnapshot\))/, '    emit(e, node);\n'],
  [/  const eventProcessor = \(e\) => \{[\s\S]*?\n  \};\n/, ''],
  ['    recordCrossOriginIframes = false,\n', ''],
  ['    recordCrossOriginIframes,\n    wrappedEmit\n', '    wrappedEmit\n'],
  // Checkouts by time and number, which the caller takes.
  [/      incrementalSnapshotCount\+\+;[\s\S]*?\n      \}\n(?=    \}\n  \};)/, ''],
  ['  let incrementalSnapshotCount = 0;\n', ''],
  ['      incrementalSnapshotCount = 0;\n', ''],
  ['    checkoutEveryNms,\n    checkoutEveryNth,\n', ''],
  // Lists of types of fields: the caller gives its own.
  [/const maskInputOptions = maskAllInputs === true \? \{[^}]*\} : _maskInputOptions !== void 0 \? _maskInputOptions : \{ password: true \};/,
    'const maskInputOptions = _maskInputOptions;'],
  [/\nconst DEPARTED_MIRROR_ACCESS_WARNING = [^\n]*/, ''],
  [/record\.addCustomEvent = [\s\S]*?\n\};\nrecord\.freezePage = [\s\S]*?\n\};\n/, ''],
];

/** Changes the text of rrweb's record.js; fails where it is not as expected. */
export function removeUnused(text) {
  let changed = text;
  TEXTS.forEach(([find, by]) => (changed = replaceOnce(changed, find, by)));
  for (const name of UNUSED) {
    changed = replaceOnce(changed, new RegExp(`\\n(function|class) ${name}\\b[\\s\\S]*?\\n\\}\\n`), '\n');
  }
  return ENUMS.reduce(inlineEnum, changed);
}

/** Writes the numbers in the place of an enumeration's members. */
function inlineEnum(text, name) {
  const definition = new RegExp(`\\nvar ${name} = [\\s\\S]*?\\n\\}\\)\\(${name} \\|\\| \\{\\}\\);\\n`);
  const [found] = definition.exec(text) ?? [''];
  const numbers = new Map([...found.matchAll(/\["(\w+)"\] = (\d+)\]/g)].map(([, member, number]) => [member, number]));
  return replaceOnce(text, definition, '\n').replaceAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'), (_, member) => {
    if (!numbers.has(member)) {
      throw new Error(`rrweb has changed: there is no ${name}.${member}`);
    }
    return numbers.get(member);
  });
}
