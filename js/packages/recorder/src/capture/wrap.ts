import type { Stop } from './capture.ts';

type Native = (...args: unknown[]) => unknown;

/** What a watcher wants of a call that is about to be made. */
export interface Watch {
  /** Runs after the call, unless it threw. It may look at the outcome and not change it. */
  done?: (result: unknown) => void;
  /** Arguments that the function reads exactly as the page's own, for a watcher that has to see what is read. */
  args?: unknown[];
  /** Gives what the page gets in place of the result. */
  follow?: (result: unknown) => unknown;
}

/** Looks at a call before it is made. It reads no property of an argument: that may be code of the page. */
export type Watcher = (self: unknown, args: readonly unknown[], isNative: boolean) => Watch | undefined | void;

/** Takes an error of a watcher; it never reaches the page. */
export type Report = (error: unknown) => void;

interface Watching {
  watcher: Watcher;
  report: Report;
}

interface Wrapper {
  proxy: Native;
  original: PropertyDescriptor;
  /** Replaced and never changed, so that a call goes on with those that it began with. */
  watching: readonly Watching[];
}

type Part = 'value' | 'get' | 'set';

const wrappers = new WeakMap<object, Map<string, Wrapper>>();
const toText = Function.prototype.toString;

/**
 * Watches the calls of a function of the browser. The function is always called once, with `this` and the arguments of the page, and what
 * it returns or throws is the page's; a watcher can fail without being noticed. The page sees the same name, length and `toString`.
 *
 * Not watched any more, a wrapper that is still on top is taken off. One that somebody else has wrapped since stays, passes straight
 * through, and is used again when watching goes on.
 */
export function watchCalls(owner: object, name: string, watcher: Watcher, report: Report): Stop {
  return watch(owner, name, 'value', { watcher, report });
}

/** Watches what is assigned to a property of the browser, as {@link watchCalls} does calls. */
export function watchSets(owner: object, name: string, watcher: Watcher, report: Report): Stop {
  return watch(owner, name, 'set', { watcher, report });
}

/** Watches reads of a property of the browser, as {@link watchCalls} does calls. */
export function watchGets(owner: object, name: string, watcher: Watcher, report: Report): Stop {
  return watch(owner, name, 'get', { watcher, report });
}

function watch(owner: object, name: string, part: Part, watching: Watching): Stop {
  const key = `${part} ${name}`;
  const known = wrappers.get(owner) ?? new Map<string, Wrapper>();
  const wrapper = known.get(key) ?? install(owner, name, part);
  if (!wrapper) {
    return () => undefined;
  }
  wrappers.set(owner, known.set(key, wrapper));
  wrapper.watching = [...wrapper.watching, watching];
  return () => {
    wrapper.watching = wrapper.watching.filter((other) => other !== watching);
    const now = Object.getOwnPropertyDescriptor(owner, name);
    if (
      wrapper.watching.length === 0 &&
      now?.[part] === wrapper.proxy &&
      Reflect.defineProperty(owner, name, { ...now, [part]: wrapper.original[part] as Native })
    ) {
      known.delete(key);
    }
  };
}

/** Gives nothing where there is no such function, or where the page has made it read-only. */
function install(owner: object, name: string, part: Part): Wrapper | undefined {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  const target: unknown = original?.[part];
  if (!original || typeof target !== 'function') {
    return undefined;
  }
  const wrapper: Wrapper = { proxy: target as Native, original, watching: [] };
  wrapper.proxy = wrap(wrapper, target as Native);
  return Reflect.defineProperty(owner, name, { ...original, [part]: wrapper.proxy }) ? wrapper : undefined;
}

function wrap(wrapper: Wrapper, target: Native): Native {
  const isNative = looksNative(target);
  const proxy: Native = new Proxy(target, {
    apply: (_, self: unknown, args: unknown[]): unknown => {
      const { watching } = wrapper;
      const seen: (Watch | undefined | void)[] = [];
      let passed = args;
      // By index: iterating is code that a page may have replaced.
      for (let at = 0; at < watching.length; at++) {
        try {
          seen[at] = watching[at]!.watcher(self, args, isNative);
          passed = seen[at]?.args ?? passed;
        } catch (error) {
          watching[at]!.report(error);
        }
      }
      const result = Reflect.apply(target, self, passed);
      return watching.length === 0 ? result : outcome(watching, seen, result);
    },
    get: (_, key, receiver): unknown => {
      const value: unknown = Reflect.get(target, key, receiver === proxy ? target : receiver);
      return value === toText ? ownToText : value;
    },
  });
  // By `toString` libraries recognize native functions; a proxy's has no name.
  const ownToText = new Proxy(toText, {
    apply: (_, self: unknown, args: unknown[]) => Reflect.apply(toText, self === proxy ? target : self, args),
  });
  return proxy;
}

function outcome(watching: readonly Watching[], seen: (Watch | undefined | void)[], result: unknown): unknown {
  let given = result;
  for (let at = 0; at < watching.length; at++) {
    try {
      seen[at]?.done?.(result);
      given = seen[at]?.follow ? seen[at]!.follow!(given) : given;
    } catch (error) {
      watching[at]!.report(error);
    }
  }
  return given;
}

/** Says whether a function is the browser's own and not other code around it. */
function looksNative(target: Native): boolean {
  return /\{\s*\[native code\]\s*\}\s*$/.test(Reflect.apply(toText, target, []));
}
