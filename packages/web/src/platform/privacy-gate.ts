import type { ClientPolicy } from "@miniprivacy/core/policy";
import type { AskedConsent } from "../consent/consent-client.ts";
import { type AnswerCode, privacyError } from "../privacy-error.ts";
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
  readonly ask: (purpose: string) => Promise<AskedConsent>;
  /** Calls back when a decision was made. */
  readonly watch: (listener: () => void) => void;
  readonly agreement: PlatformAgreement;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Puts a purpose and a consent before the privacy interfaces of a host object. */
export type PrivacyGate = (host: HostObject) => HostObject;

interface GatedOptions {
  readonly purpose?: unknown;
  readonly success?: (result: unknown) => unknown;
  readonly fail?: (error: unknown) => unknown;
  readonly complete?: (answer: unknown) => unknown;
}

/** What was permitted counts so long without being asked for again; a denial on this device ends it at once. */
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
  const { policy, ask, agreement, now } = options;
  let permits = new Map<string, number>();
  let agreedUntil = 0;
  options.watch(() => (permits = new Map()));

  /** @throws a `PrivacyError` with `errMsg` when the interface must not be called */
  async function permit(name: string, key: string, purpose: unknown): Promise<void> {
    const { purposes, categories } = await policy();
    const declared = own(purposes, purpose);
    if (declared === undefined) throw refusal(name, "ERR_PURPOSE_UNKNOWN");
    // Requirement WX-4.4.4a: a purpose takes what it declares, and nothing else.
    const takes = declared.categories.some(
      (category) => own(categories, category)?.weixinPrivacyKey === key,
    );
    if (!takes) throw refusal(name, "ERR_ACCESS_DENIED");
    if ((permits.get(purpose as string) ?? 0) > now()) return;
    // Requirement WX-4.4.3: the person is asked at this moment, and nothing is taken before she says yes.
    const { permitted } = await ask(purpose as string);
    if (!permitted) throw refusal(name, "ERR_CONSENT_MISSING");
    permits.set(purpose as string, now() + FRESH_MS);
  }

  /** @returns Whether the platform will still ask when the interface is called. */
  async function agree(name: string): Promise<boolean> {
    if (agreedUntil > now()) return false;
    agreement.listen();
    let needed = await agreement.isNeeded();
    if (needed === true && agreement.canAsk()) {
      if (!(await agreement.ask(name)))
        throw Object.assign(refusal(name, "ERR_CONSENT_MISSING"), {
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
    await permit(name, key, purpose);
    return (await agree(name)) ? answered(name, call(rest)) : call(rest);
  }

  /** An answer in time, whatever has become of the platform's question; while it is ours, the person takes her time. */
  async function answered(name: string, answer: unknown): Promise<unknown> {
    let isOurs = false;
    const end = agreement.onHeard((referrer) => (isOurs = isOurs || referrer === name));
    try {
      const settled = Promise.resolve(answer).then((value) => ({ value }));
      const inTime = (await withinTime(settled, ANSWER_MS)) ?? (isOurs ? await settled : undefined);
      if (inTime === undefined) throw refusal(name, "ERR_PLATFORM_UNAVAILABLE");
      return inTime.value;
    } finally {
      end();
    }
  }
  return (host) => gated(host, callGated);
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
      answerAsHost(given, callGated(host, name, key, given, callOf(host, name))),
    );
  define("authorize", (given: GatedOptions & { readonly scope?: unknown } = {}) => {
    const key = own(WEIXIN_SCOPES, given.scope);
    return answerAsHost(given, callGated(host, "authorize", key, given, callOf(host, "authorize")));
  });
  for (const [name, { method, key }] of Object.entries(WEIXIN_PRIVACY_OBJECTS))
    define(name, (...given: readonly unknown[]) => {
      const made = hostMethod(host, name)!(...given) as HostObject;
      return Object.create(made, {
        ...boundMethods(made),
        [method]: {
          value: (options: GatedOptions = {}) =>
            answerAsHost(
              options,
              callGated(host, method, key, options, (rest) => hostMethod(made, method)!(rest)),
            ),
        },
      });
    });
  return Object.create(host, members);
}

function callOf(host: HostObject, name: string): (rest: object) => unknown {
  // It makes a session at once, and has no callbacks.
  return name === "createVKSession"
    ? (rest) => hostMethod(host, name)!(rest)
    : (rest) => callHost(host, name, rest);
}

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

function refusal(name: string, code: AnswerCode): Error {
  return Object.assign(privacyError(code), { errMsg: `${name}:fail ${code}` });
}
