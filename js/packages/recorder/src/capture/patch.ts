import type { Stop } from './capture.ts';

type Callable = (...args: unknown[]) => unknown;

/** Runs in place of a function of the browser. `call` runs that function, with the arguments and `this` of the page. */
export type Around = (self: unknown, args: unknown[], call: () => unknown) => unknown;

/**
 * Puts ours around a function of the browser. What the page can see of it stays: name, length, own properties, and `toString`, by which
 * libraries tell native functions. Undone it is passed straight through, also where somebody else has meanwhile wrapped it.
 */
export function patch(owner: object, name: string, around: Around): Stop {
  const holder = owner as Record<string, Callable>;
  const original = holder[name];
  if (typeof original !== 'function') {
    return () => undefined;
  }
  let active = true;
  const patched = new Proxy(original, {
    apply: (target, self: unknown, args: unknown[]): unknown => {
      const call = (): unknown => Reflect.apply(target, self, args);
      return active ? around(self, args, call) : call();
    },
    get: (target, key): unknown =>
      key === 'toString' ? () => Function.prototype.toString.call(target) : Reflect.get(target, key),
  });
  // A page may have made it read-only, before or since.
  if (!Reflect.set(holder, name, patched)) {
    return () => undefined;
  }
  return () => {
    active = false;
    if (holder[name] === patched) {
      Reflect.set(holder, name, original);
    }
  };
}
