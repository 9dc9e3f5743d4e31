// Puts what src/natives.ts takes in place of the globals of the language and the browser, in all that is bundled for the page.
import { join } from 'node:path';

/** Functions of constructors and namespaces. */
const STATICS = {
  Array: ['from', 'isArray'],
  Object: [
    'keys', 'assign', 'entries', 'values', 'fromEntries', 'is', 'getOwnPropertyDescriptor', 'defineProperty', 'getOwnPropertyNames',
    'getPrototypeOf',
  ],
  Reflect: ['apply', 'get', 'defineProperty'],
  Math: ['min', 'max', 'floor', 'ceil', 'abs', 'log', 'hypot', 'random', 'round'],
  Number: ['isNaN', 'isInteger', 'isFinite', 'parseInt', 'parseFloat'],
  String: ['fromCharCode', 'fromCodePoint'],
  Uint8Array: ['from'],
  JSON: ['parse'],
};
const PURE = ['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Proxy', 'URL'];
const BOUND = ['Worker', 'Blob', 'Response', 'AbortController', 'PerformanceObserver', 'TextEncoder', 'TextDecoder'];
const FUNCTIONS = [
  'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'requestAnimationFrame', 'queueMicrotask', 'addEventListener',
  'removeEventListener', 'atob', 'btoa',
];
const OF_OBJECTS = { performance: ['now', 'getEntriesByName', 'getEntriesByType'], crypto: ['getRandomValues'], navigator: ['sendBeacon'] };
const SPECIAL = { Promise: 'takePromise', MutationObserver: 'takeObserver', fetch: 'takeFetch' };
const SPECIAL_STATICS = { 'Date.now': 'takeNow', 'JSON.stringify': 'takeStringify' };

const nameOf = (owner, name) => `native_${owner}_${name}`;

/** Gives esbuild's options and a plugin, for a package in a folder. */
export function natives(here) {
  const define = {};
  const lines = [];
  const add = (expression, name) =>
    lines.push(`const native_${name} = /* @__PURE__ */ ${expression};`, `export { native_${name} as ${name} };`);
  const addStatic = (owner, name, expression) => {
    define[`${owner}.${name}`] = nameOf(owner, name);
    lines.push(`export const ${nameOf(owner, name)} = /* @__PURE__ */ ${expression};`);
  };
  for (const [owner, names] of Object.entries(STATICS)) {
    names.forEach((name) => addStatic(owner, name, `pureStatic('${owner}', '${name}')`));
  }
  for (const [owner, names] of Object.entries(OF_OBJECTS)) {
    names.forEach((name) => addStatic(owner, name, `boundFunction('${name}', '${owner}')`));
  }
  PURE.forEach((name) => add(`pure('${name}')`, name));
  BOUND.forEach((name) => add(`bound('${name}')`, name));
  FUNCTIONS.forEach((name) => add(`boundFunction('${name}')`, name));
  Object.entries(SPECIAL).forEach(([name, take]) => add(`${take}()`, name));
  Object.entries(SPECIAL_STATICS).forEach(([name, take]) => addStatic(...name.split('.'), `${take}()`));
  const takers = ['pure', 'pureStatic', 'bound', 'boundFunction', ...Object.values(SPECIAL), ...Object.values(SPECIAL_STATICS)];
  const contents = `import { ${takers.join(', ')} } from './natives.ts';\n${lines.join('\n')}\n`;
  const plugin = {
    name: 'natives',
    setup(build) {
      build.onResolve({ filter: /^session-replay:natives$/ }, ({ path }) => ({ path, namespace: 'natives' }));
      build.onLoad({ filter: /.*/, namespace: 'natives' }, () => ({ contents, resolveDir: join(here, 'src') }));
    },
  };
  return { define, plugin, inject: ['session-replay:natives'] };
}
