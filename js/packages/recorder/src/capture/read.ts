/** Reads what a page hands to the browser without running code of the page: by getters that take nothing but the browser's own objects. */

const urlOf = getter(globalThis.URL, 'href');
const requestUrl = getter(globalThis.Request, 'url');
const requestMethod = getter(globalThis.Request, 'method');

/** Reads an address: a text, or the browser's `URL`. Of anything else the browser makes a text itself. */
export function addressOf(value: unknown): string {
  return typeof value === 'string' ? value : String(attempt(urlOf, value) ?? '');
}

/** Undefined for what is not a `Request`, of any realm. */
export function readRequest(value: unknown): { url: string; method: string } | undefined {
  const url = attempt(requestUrl, value);
  return url === undefined ? undefined : { url: String(url), method: String(attempt(requestMethod, value)) };
}

/** Reads a property that is a value; a getter is not asked. */
export function readProperty(holder: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, name)?.value;
}

/** Stands in for an object that the browser is about to read: each property is read as often as the browser does, and some are noted. */
export function tee(holder: object, noted: Record<string, unknown>, names: readonly string[] = ['method', 'body']): object {
  // Around nothing: what a proxy gives is compared with what it is around, which would be another read.
  return new Proxy(
    {},
    {
      get: (_, key): unknown => {
        const value: unknown = Reflect.get(holder, key);
        if (typeof key === 'string' && names.includes(key)) {
          noted[key] = value;
        }
        return value;
      },
    },
  );
}

type Getter = (this: unknown) => unknown;

function getter(owner: { prototype: object } | undefined, name: string): Getter | undefined {
  return owner && (Object.getOwnPropertyDescriptor(owner.prototype, name)?.get as Getter | undefined);
}

function attempt(get: Getter | undefined, value: unknown): unknown {
  try {
    return typeof value === 'object' && value !== null && get ? Reflect.apply(get, value, []) : undefined;
  } catch {
    return undefined; // It is something else.
  }
}
