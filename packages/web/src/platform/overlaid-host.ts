import { type HostObject, hostMethod } from "./call-host.ts";

/**
 * An object with some functions in place of a host object's, which is never patched, and looked at anew for each use.
 * Functions that are the host's work as its own; what it lacks stays lacking.
 */
export function overlaidHost<Host extends HostObject>(
  host: Host,
  functions: { readonly [name: string]: unknown },
): Host {
  const result = Object.create(host) as Host;
  for (const name of namesOf(host))
    if (!(name in functions))
      Object.defineProperty(result, name, {
        get: () => hostMethod(host, name) ?? (host as { readonly [name: string]: unknown })[name],
        set(value: unknown) {
          (host as { [name: string]: unknown })[name] = value;
        },
        enumerable: true,
        configurable: true,
      });
  for (const [name, value] of Object.entries(functions))
    Object.defineProperty(result, name, {
      get: () => (hostMethod(host, name) === undefined ? undefined : value),
      enumerable: name in host,
    });
  return result;
}

/** Its own members and those of its classes. */
function namesOf(host: HostObject): ReadonlySet<string> {
  const names = new Set<string>();
  for (
    let holder: object | null = host;
    holder !== null && holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder) as object | null
  )
    for (const name of Object.getOwnPropertyNames(holder)) names.add(name);
  names.delete("constructor");
  return names;
}
