/**
 * Takes what the recorder needs of the language and the browser, once, before the page can replace it; where it was replaced already, from
 * a clean frame. The build puts what is taken here in place of `Array.from`, `Date.now`, `Map` and so on in all of the recorder, rrweb
 * included (natives.mjs). This file names nothing of it but by text.
 */
/** The globals of a page can be anything. */
type Any = any;
type Function_ = (...args: unknown[]) => unknown;

const here = globalThis as Any;
const toText = here['Function'].prototype.toString as Function_;

/** What is taken from a clean frame: it belongs to no page. */
const PURE = [
  'Array', 'JSON', 'Object', 'Reflect', 'Math', 'Number', 'String', 'Date', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Proxy',
  'Uint8Array', 'URL', 'MutationObserver', 'EventTarget', 'fetch', 'Node', 'Element', 'ShadowRoot',
  'Document', 'DocumentFragment',
] as const;
type Realm = Record<string, Any>;

let frame: Realm | undefined;

/** Opens a frame for a moment and takes its globals. Where there can be none, the page's have to do. */
function cleanRealm(): Realm {
  if (!frame) {
    frame = {};
    try {
      const element = here.document.createElement('iframe') as HTMLIFrameElement;
      element.style.display = 'none';
      here.document.documentElement.appendChild(element);
      for (const name of PURE) {
        frame[name] = (element.contentWindow as Any)[name];
      }
      element.remove();
    } catch {
      // No document, or one that may not look into its own frames.
    }
  }
  return frame;
}

function isNative(value: unknown): boolean {
  return typeof value !== 'function' || /\{\s*\[native code\]\s*\}\s*$/.test(toText.call(value) as string);
}

const ownReflect = here['Reflect'];
const apply = (typeof ownReflect?.apply === 'function' && isNative(ownReflect.apply) ? ownReflect : cleanRealm()['Reflect']).apply as (
  target: Function_,
  self: unknown,
  args: unknown[],
) => unknown;

/** What zone.js has put aside of what it has wrapped: it would run all that the recorder does as the application's. */
function beforeZone(name: string, of: Any = here): unknown {
  const symbol: unknown = here.Zone?.__symbol__;
  return typeof symbol === 'function' ? of?.[symbol(name) as string] : undefined;
}

/** Gives a constructor or namespace that belongs to no page. */
export function pure(name: string): Any {
  return isNative(here[name]) ? here[name] : (cleanRealm()[name] ?? here[name]);
}

/** Gives a function of a constructor or namespace, to be called without it. */
export function pureStatic(owner: string, name: string): Any {
  const own = here[owner]?.[name];
  const holder = own !== undefined && isNative(own) ? here[owner] : (cleanRealm()[owner] ?? here[owner]);
  const taken = holder?.[name] as Function_ | undefined;
  // The others do not look at what they are called on.
  return taken && owner === 'Uint8Array' ? (...args: unknown[]) => apply(taken, holder, args) : taken;
}

/** Gives a class of the browser that works for the page alone. */
export function bound(name: string): Any {
  return beforeZone(name) ?? here[name];
}

/** Gives a function of the browser that works for the page alone, or for one of its objects. */
export function boundFunction(name: string, owner?: string): Any {
  const holder = owner ? here[owner] : here;
  const taken = (beforeZone(name, holder) ?? holder?.[name]) as Function_ | undefined;
  return taken && ((...args: unknown[]) => apply(taken, holder, args));
}

/** The language's own: that of an async function. */
export function takePromise(): Any {
  const own = here['Promise'];
  if (isNative(own) && !here.Zone) {
    return own;
  }
  const intrinsic = (async () => undefined)().constructor;
  return intrinsic === own ? (beforeZone('Promise') ?? own) : intrinsic;
}

/** A clock that runs. Where `performance` was replaced with it, both belong to code that moves the page's time. */
export function takeNow(): () => number {
  const own = here['Date']?.now as Function_ | undefined;
  const real = here.performance;
  if (
    own &&
    !isNative(own) &&
    real &&
    (isNative(real.now) || !(here['Math'].abs((own() as number) - real.timeOrigin - real.now()) < 600_000))
  ) {
    return cleanRealm()['Date']?.now ?? own;
  }
  return own as () => number;
}

/** Goes past what the page has put around `fetch`; where a browser does not let a frame's be used, with it. */
export function takeFetch(): typeof fetch {
  const own = here['fetch'] as Function_ | undefined;
  const clean = isNative(own) && own ? undefined : (cleanRealm()['fetch'] as Function_ | undefined);
  if (!own || !clean) {
    const taken = own ?? clean;
    return taken && (((...args: unknown[]) => apply(taken, here, args)) as Any);
  }
  return (async (...args: [string, RequestInit?]) => {
    try {
      return await apply(clean, here, args);
    } catch (error) {
      if (args[1]?.signal?.aborted) {
        throw error;
      }
      return apply(own, here, args);
    }
  }) as Any;
}

/** Writes JSON by the language's rules, whatever `toJSON` a page gives to all arrays or objects. */
export function takeStringify(): (value: unknown) => string | undefined {
  const native = pureStatic('JSON', 'stringify') as (value: unknown) => string | undefined;
  const isArray = pureStatic('Array', 'isArray') as (value: unknown) => value is unknown[];
  const keysOf = pureStatic('Object', 'keys') as (value: object) => string[];
  const prototypes = [here['Array'].prototype, here['Object'].prototype];
  const write = (value: unknown): string | undefined => {
    if (typeof value !== 'object' || value === null) {
      return native(value);
    }
    let text = '';
    if (isArray(value)) {
      for (let at = 0; at < value.length; at++) {
        text += `${at > 0 ? ',' : ''}${write(value[at]) ?? 'null'}`;
      }
      return `[${text}]`;
    }
    const keys = keysOf(value);
    for (let at = 0; at < keys.length; at++) {
      const member = write((value as Record<string, unknown>)[keys[at]!]);
      text += member === undefined ? '' : `${text && ','}${native(keys[at])}:${member}`;
    }
    return `{${text}}`;
  };
  return (value) => (prototypes[0].toJSON === undefined && prototypes[1].toJSON === undefined ? native(value) : write(value));
}

/** Gives a prototype of the DOM as the browser made it, for rrweb. */
export function prototypeOf(name: string): Any {
  const own = here[name]?.prototype;
  const names = ACCESSORS[name] ?? [];
  for (let at = 0; own && at < names.length; at++) {
    const property = here['Object'].getOwnPropertyDescriptor(own, names[at]);
    if (!property || !isNative(property.get ?? property.value)) {
      return cleanRealm()[name]?.prototype ?? own;
    }
  }
  return own;
}

const ACCESSORS: Record<string, string[]> = {
  Node: [
    'childNodes', 'parentNode', 'parentElement', 'textContent', 'ownerDocument', 'firstChild', 'lastChild', 'nextSibling',
    'previousSibling', 'isConnected', 'getRootNode',
  ],
  ShadowRoot: ['host'],
  Document: ['querySelectorAll'],
  DocumentFragment: ['querySelectorAll'],
  Element: ['shadowRoot', 'getAttributeNames', 'getAttribute', 'matches'],
};

/** Gives the browser's own observer of changes. */
export function takeObserver(): Any {
  return beforeZone('MutationObserver') ?? pure('MutationObserver');
}

type Listener = (event: Any) => void;

/** Makes the function that listens to events past code that has wrapped `addEventListener`. */
export function takeListen(): (target: EventTarget, type: string, listener: Listener, options?: AddEventListenerOptions) => () => void {
  const own = here['EventTarget']?.prototype;
  const find = (name: string): Function_ =>
    (beforeZone(name, own)
      ?? (isNative(own?.[name]) ? own?.[name] : (cleanRealm()['EventTarget']?.prototype[name] ?? own?.[name]))) as Function_;
  const [add, remove] = [find('addEventListener'), find('removeEventListener')];
  return (target, type, listener, options) => {
    apply(add, target, [type, listener, options]);
    return () => void apply(remove, target, [type, listener, options]);
  };
}
