import { answerAsHost, type AnswerOptions } from "./answer-as-host.ts";
import { callHost, type HostObject, hostMethod } from "./call-host.ts";
import { overlaidHost } from "./overlaid-host.ts";
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
interface GatedOptions extends AnswerOptions {
  readonly purpose?: unknown;
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
      return overlaidHost(own, { [method]: gatedFunction(own, method, () => key, answers) });
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
    const result = overlaidHost(host, gated);
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
