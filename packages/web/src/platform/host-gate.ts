import { callHost, type HostObject, hostMethod } from "./call-host.ts";
import {
  WEIXIN_PRIVACY_INTERFACES,
  WEIXIN_PRIVACY_OBJECTS,
  WEIXIN_SCOPES,
} from "./weixin-privacy-interfaces.ts";

/**
 * Calls an interface for a purpose, or fails.
 *
 * @param name Of the interface, @param key of the information it takes, @param call calls it without more ado.
 */
export type CallGated = (
  name: string,
  key: string,
  purpose: unknown,
  call: () => unknown,
) => Promise<unknown>;

type GatedFunction = (given?: unknown) => unknown;
interface GatedOptions {
  readonly purpose?: unknown;
  readonly success?: unknown;
  readonly fail?: unknown;
  readonly complete?: unknown;
}

/** It makes a session and gives it at once. */
const MAKES = "createVKSession";

/**
 * Gives for a host object another one that gates its privacy interfaces and has everything else of it. The host object is
 * never patched, and looked at anew for each use: what it gets later is gated too.
 */
export function createHostGate(callGated: CallGated): (host: HostObject) => HostObject {
  const made = new WeakSet<HostObject>();

  function gatedFunction(
    host: HostObject,
    name: string,
    keyOf: (options: object) => string | undefined,
    answers: boolean,
  ): GatedFunction {
    return (given) => {
      const { purpose, success, fail, complete, ...rest } = (given ?? {}) as GatedOptions;
      const call = (): unknown =>
        answers ? callHost(host, name, rest) : hostMethod(host, name)!(rest);
      const key = keyOf(rest);
      const answer =
        key === undefined ? (async () => call())() : callGated(name, key, purpose, call);
      return answerAsHost({ success, fail, complete }, answer);
    };
  }

  /** An object of the host whose one privacy interface is gated. */
  function gatedObject(
    host: HostObject,
    name: string,
    { method, key, answers }: { method: string; key: string; answers: boolean },
  ): (...given: readonly unknown[]) => object {
    return (...given) => {
      const own = hostMethod(host, name)!(...given) as HostObject;
      return behind(own, { [method]: gatedFunction(own, method, () => key, answers) });
    };
  }

  return (host) => {
    if (made.has(host)) return host;
    const gated: { [name: string]: GatedFunction } = {};
    for (const [name, key] of Object.entries(WEIXIN_PRIVACY_INTERFACES))
      gated[name] = gatedFunction(host, name, () => key, name !== MAKES);
    const scoped = ({ scope }: { readonly scope?: unknown }): string | undefined =>
      ownValue(WEIXIN_SCOPES, scope);
    gated["authorize"] = gatedFunction(host, "authorize", scoped, true);
    for (const [name, object] of Object.entries(WEIXIN_PRIVACY_OBJECTS))
      gated[name] = gatedObject(host, name, object);
    const result = behind(host, gated);
    made.add(result);
    return result;
  };
}

export function ownValue<Value>(
  table: { readonly [id: string]: Value },
  id: unknown,
): Value | undefined {
  return typeof id === "string" && Object.prototype.hasOwnProperty.call(table, id)
    ? table[id]
    : undefined;
}

/** An object with some functions in place of another one's. Functions that are the other's work as its own. */
function behind(host: HostObject, gated: { readonly [name: string]: GatedFunction }): object {
  const result = Object.create(host) as object;
  for (const name of namesOf(host))
    if (!(name in gated))
      Object.defineProperty(result, name, {
        get: () => hostMethod(host, name) ?? (host as { readonly [name: string]: unknown })[name],
        set(value: unknown) {
          (host as { [name: string]: unknown })[name] = value;
        },
        enumerable: true,
      });
  for (const [name, value] of Object.entries(gated))
    Object.defineProperty(result, name, {
      get: () => (hostMethod(host, name) === undefined ? undefined : value),
      enumerable: hasFunction(host, name),
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

function hasFunction(host: HostObject, name: string): boolean {
  try {
    return hostMethod(host, name) !== undefined;
  } catch {
    return false;
  }
}

/** With callbacks by callbacks, without by a promise. What a callback throws is the app's to see, and ends nothing. */
function answerAsHost(
  { success, fail, complete }: GatedOptions,
  answer: Promise<unknown>,
): Promise<unknown> | undefined {
  // Whoever takes no promise is told by the host in its own ways, or not at all.
  answer.catch(() => undefined);
  if (![success, fail, complete].some(isFunction)) return answer;
  const tell = (callback: unknown, value: unknown): void => {
    if (isFunction(callback)) void (async () => callback(value))();
  };
  void answer.then(
    (value) => (tell(success, value), tell(complete, value)),
    (error: unknown) => (tell(fail, error), tell(complete, error)),
  );
  return undefined;
}

function isFunction(value: unknown): value is (given: unknown) => unknown {
  return typeof value === "function";
}
