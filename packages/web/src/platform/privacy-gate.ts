import type { ClientPolicy } from "@miniprivacy/core/policy";
import { privacyError } from "../privacy-error.ts";
import { isText } from "../text.ts";
import { callHost, type HostObject, hostMethod } from "./call-host.ts";
import type { PlatformAgreement } from "./platform-agreement.ts";
import {
  WEIXIN_PRIVACY_INTERFACES,
  WEIXIN_PRIVACY_OBJECTS,
  WEIXIN_SCOPES,
} from "./weixin-privacy-interfaces.ts";
import { withinTime } from "./within-time.ts";

export interface PrivacyGateOptions {
  readonly policy: () => Promise<ClientPolicy>;
  /** Asks where it must. */
  readonly ask: (purpose: string) => Promise<Known>;
  /** What is recorded, without asking. */
  readonly status: (purpose: string) => Promise<Known>;
  readonly agreement: PlatformAgreement;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Known {
  readonly permitted: boolean;
}

export interface PrivacyGate {
  /** Puts a purpose and a consent before the privacy interfaces of a host object. */
  before(host: HostObject): HostObject;
  /** Something may have been decided: what was permitted is asked for again. */
  forget(): void;
}

interface GatedOptions {
  readonly purpose?: unknown;
  readonly success?: (result: unknown) => unknown;
  readonly fail?: (error: unknown) => unknown;
  readonly complete?: (answer: unknown) => unknown;
}

/** What was permitted counts so long without being asked for again, unless it is forgotten. */
const FRESH_MS = 10_000;
/** The platform answers, refuses within ten seconds of a refusal, or somebody else holds up its question. */
const ANSWER_MS = 12_000;

/**
 * A gate before privacy interfaces: without a valid consent to a purpose that takes this kind of information, nothing of
 * the host is called.
 *
 * @see WX-4.4.3, WX-4.4.4a
 */
export function createPrivacyGate(options: PrivacyGateOptions): PrivacyGate {
  const { policy, ask, status, agreement, now } = options;
  let permits = new Map<string, number>();
  let agreedUntil = 0;

  /** @throws PrivacyError when the purpose does not take this kind of information */
  async function requireDeclared(key: string, purpose: string): Promise<void> {
    const { purposes, categories } = await policy();
    const declared = own(purposes, purpose);
    if (declared === undefined) throw privacyError("ERR_PURPOSE_UNKNOWN");
    // Requirement WX-4.4.4a: a purpose takes what it declares, and nothing else.
    const takes = declared.categories.some(
      (category) => own(categories, category)?.weixinPrivacyKey === key,
    );
    if (!takes) throw privacyError("ERR_ACCESS_DENIED");
  }

  /** @throws PrivacyError when it is not permitted */
  async function permit(purpose: string, know: (purpose: string) => Promise<Known>): Promise<void> {
    if ((permits.get(purpose) ?? 0) > now()) return;
    const known = permits;
    const { permitted } = await know(purpose);
    if (!permitted) throw privacyError("ERR_CONSENT_MISSING");
    // What was forgotten meanwhile is not remembered by an answer of before.
    known.set(purpose, now() + FRESH_MS);
  }

  /** @returns Whether the platform will still ask when the interface is called. */
  async function agree(name: string): Promise<boolean> {
    if (agreedUntil > now()) return false;
    agreement.listen();
    let needed = await agreement.isNeeded();
    if (needed === true && agreement.canAsk()) {
      if (!(await agreement.ask(name)))
        throw Object.assign(privacyError("ERR_CONSENT_MISSING"), {
          errMsg: `${name}:fail privacy permission is not authorized`,
          errno: 104,
        });
      needed = await agreement.isNeeded();
    }
    if (needed === false) agreedUntil = now() + FRESH_MS;
    return needed !== false;
  }

  async function callGated(
    host: HostObject,
    name: string,
    key: string | undefined,
    given: GatedOptions,
    call: (rest: object) => unknown,
  ): Promise<unknown> {
    const { purpose, success: _s, fail: _f, complete: _c, ...rest } = given;
    if (key === undefined) return call(rest);
    try {
      return await callPermitted(name, key, String(purpose), () => call(rest));
    } catch (error) {
      throw asHostFails(name, error);
    }
  }

  async function callPermitted(
    name: string,
    key: string,
    purpose: string,
    call: () => unknown,
  ): Promise<unknown> {
    await requireDeclared(key, purpose);
    // Requirement WX-4.4.3: the person is asked at this moment, and nothing is taken before she says yes.
    await permit(purpose, ask);
    const asks = await agree(name);
    // She may have taken it back while the platform asked.
    await permit(purpose, status);
    return asks ? answered(call) : call();
  }

  /** An answer in time, whatever has become of the platform's question; where we were asked, the person takes her time. */
  async function answered(call: () => unknown): Promise<unknown> {
    const before = agreement.heard();
    const settled = Promise.resolve(call()).then((value) => ({ value }));
    const inTime = await withinTime(settled, ANSWER_MS);
    if (inTime !== undefined) return inTime.value;
    if (agreement.heard() === before) throw privacyError("ERR_PLATFORM_UNAVAILABLE");
    return (await settled).value;
  }

  return {
    before: (host) => gated(host, callGated),
    forget: () => void (permits = new Map()),
  };
}

type CallGated = (
  host: HostObject,
  name: string,
  key: string | undefined,
  given: GatedOptions,
  call: (rest: object) => unknown,
) => Promise<unknown>;

/** The host object behind another one that has functions of its own for privacy interfaces: it is never patched. */
function gated(host: HostObject, callGated: CallGated): object {
  const members: PropertyDescriptorMap = {};
  const define = (name: string, value: unknown): void => {
    if (hostMethod(host, name) !== undefined)
      members[name] = { value, enumerable: true, configurable: true, writable: true };
  };
  for (const [name, key] of Object.entries(WEIXIN_PRIVACY_INTERFACES))
    define(name, (given: GatedOptions = {}) =>
      answerAsHost(given, callGated(host, name, key, given, callOf(host, name, name !== MAKES))),
    );
  define("authorize", (given: GatedOptions & { readonly scope?: unknown } = {}) => {
    const key = own(WEIXIN_SCOPES, given.scope);
    const call = callOf(host, "authorize", true);
    return answerAsHost(given, callGated(host, "authorize", key, given, call));
  });
  for (const [name, { method, key, answers }] of Object.entries(WEIXIN_PRIVACY_OBJECTS))
    define(name, (...given: readonly unknown[]) => {
      const made = hostMethod(host, name)!(...given) as HostObject;
      return Object.create(made, {
        ...boundMethods(made),
        [method]: {
          value: (options: GatedOptions = {}) =>
            answerAsHost(
              options,
              callGated(host, method, key, options, callOf(made, method, answers)),
            ),
        },
      });
    });
  return Object.create(host, members);
}

/** @param answers Whether it answers by callbacks, or at once. */
function callOf(host: HostObject, name: string, answers: boolean): (rest: object) => unknown {
  return answers ? (rest) => callHost(host, name, rest) : (rest) => hostMethod(host, name)!(rest);
}

/** It makes a session and gives it at once. */
const MAKES = "createVKSession";

/** Some objects of hosts work only as themselves. */
function boundMethods(made: HostObject): PropertyDescriptorMap {
  const members: PropertyDescriptorMap = {};
  for (const name in made) {
    const value = hostMethod(made, name);
    if (value !== undefined) members[name] = { value, enumerable: true };
  }
  return members;
}

/** With callbacks by callbacks, without by a promise. What a callback throws is the app's to see, and ends nothing. */
function answerAsHost(given: GatedOptions, answer: Promise<unknown>): Promise<unknown> | undefined {
  const { success, fail, complete } = given;
  if (!success && !fail && !complete) return answer;
  const tell = (callback: ((value: unknown) => unknown) | undefined, value: unknown): void => {
    if (callback) void (async () => callback(value))();
  };
  void answer.then(
    (value) => (tell(success, value), tell(complete, value)),
    (error: unknown) => (tell(fail, error), tell(complete, error)),
  );
  return undefined;
}

function own<Value>(table: { readonly [id: string]: Value }, id: unknown): Value | undefined {
  return typeof id === "string" && Object.prototype.hasOwnProperty.call(table, id)
    ? table[id]
    : undefined;
}

/** Code of the app reads `errMsg` of whatever an interface fails with. */
function asHostFails(name: string, error: unknown): unknown {
  const { code, errMsg } = error as { readonly code?: unknown; readonly errMsg?: unknown };
  return isText(code) && errMsg === undefined
    ? Object.assign(error as Error, { errMsg: `${name}:fail ${code}` })
    : error;
}
