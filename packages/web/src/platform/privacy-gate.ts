import type { ClientPolicy } from "@miniprivacy/core/policy";
import { type AnswerCode, privacyError } from "../privacy-error.ts";
import { isText } from "../text.ts";
import type { HostObject } from "./call-host.ts";
import { createHostGate, ownValue } from "./host-gate.ts";
import type { PlatformAgreement } from "./platform-agreement.ts";
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

/** What was permitted counts so long without being asked for again, unless it is forgotten. */
const FRESH_MS = 10_000;
/** The platform answers, refuses within ten seconds of a refusal, or somebody else holds up its question. */
const ANSWER_MS = 12_000;

/** A call that the platform may still ask about; it asks somebody for each. */
interface AskedCall {
  readonly name: string;
  wasHeard: boolean;
}

/**
 * A gate before privacy interfaces: without a valid consent to a purpose that takes this kind of information, nothing of
 * the host is called.
 *
 * @see WX-4.4.3, WX-4.4.4a
 */
export function createPrivacyGate(options: PrivacyGateOptions): PrivacyGate {
  const { policy, ask, status, agreement, now } = options;
  let permits = new Map<string, number>();
  const askedCalls = new Set<AskedCall>();
  agreement.onHeard((referrer) => {
    const name = referrer.split(".").pop();
    const heard = Array.from(askedCalls).find((call) => call.name === name && !call.wasHeard);
    if (heard !== undefined) heard.wasHeard = true;
  });

  /** @throws PrivacyError when the purpose does not take this kind of information */
  async function requireDeclared(key: string, purpose: string): Promise<void> {
    const { purposes, categories } = await policy();
    const declared = ownValue(purposes, purpose);
    if (declared === undefined) throw privacyError("ERR_PURPOSE_UNKNOWN");
    // Requirement WX-4.4.4a: a purpose takes what it declares, and nothing else.
    const takes = declared.categories.some(
      (category) => ownValue(categories, category)?.weixinPrivacyKey === key,
    );
    if (!takes) throw privacyError("ERR_ACCESS_DENIED");
  }

  /** @throws PrivacyError when it is not permitted */
  async function permit(purpose: string, know: (purpose: string) => Promise<Known>): Promise<void> {
    // A clock that was set back keeps none.
    const age = now() - permits.get(purpose)!;
    if (age >= 0 && age < FRESH_MS) return;
    const known = permits;
    const { permitted } = await know(purpose);
    // Requirement WX-4.4.3: the person is asked at this moment, and nothing is taken before she says yes.
    if (!permitted) throw privacyError("ERR_CONSENT_MISSING");
    // What was forgotten meanwhile is not remembered by an answer of before.
    known.set(purpose, now());
  }

  /** @returns Whether the platform will still ask when the interface is called. */
  async function agree(name: string): Promise<boolean> {
    agreement.listen();
    const needed = await agreement.isNeeded();
    if (needed !== true || !agreement.canAsk()) return needed !== false;
    if (await agreement.ask(name)) return (await agreement.isNeeded()) !== false;
    throw Object.assign(privacyError("ERR_CONSENT_MISSING"), {
      errMsg: `${name}:fail privacy permission is not authorized`,
      errno: 104,
    });
  }

  /** @returns Whether the platform will still ask. @throws PrivacyError when the interface must not be called */
  async function open(name: string, key: string, purpose: unknown): Promise<boolean> {
    if (!isText(purpose)) throw privacyError("ERR_PURPOSE_UNKNOWN");
    await requireDeclared(key, purpose);
    await permit(purpose, ask);
    const asks = await agree(name);
    // She may have taken it back while the platform asked.
    await permit(purpose, status);
    return asks;
  }

  /** An answer in time, whatever has become of the platform's question. */
  async function answered(name: string, call: () => unknown): Promise<unknown> {
    const asked: AskedCall = { name, wasHeard: false };
    askedCalls.add(asked);
    try {
      const settled = Promise.resolve(call()).then((value) => ({ value }));
      const inTime = await withinTime(settled, ANSWER_MS);
      if (inTime !== undefined) return inTime.value;
      // Where we were asked, or the question has been answered, the person takes her time with what the host shows.
      if (!asked.wasHeard && (await agreement.isNeeded()) !== false)
        throw asHostFails(name, privacyError("ERR_PLATFORM_UNAVAILABLE"));
      return (await settled).value;
    } finally {
      askedCalls.delete(asked);
    }
  }

  async function callGated(
    name: string,
    key: string,
    purpose: unknown,
    call: () => unknown,
  ): Promise<unknown> {
    const asks = await open(name, key, purpose).catch((error: unknown) => {
      throw asHostFails(name, error);
    });
    return asks ? answered(name, call) : call();
  }

  return {
    before: createHostGate(callGated),
    forget: () => void (permits = new Map()),
  };
}

/** Code of the app reads `errMsg` of whatever an interface fails with; what is not ours stays as it is. */
function asHostFails(name: string, error: unknown): unknown {
  const fault = Object(error) as {
    readonly name?: unknown;
    readonly code?: AnswerCode;
    readonly errMsg?: unknown;
    readonly cause?: unknown;
  };
  if (fault.name !== "PrivacyError" || !isText(fault.code) || fault.errMsg !== undefined)
    return error;
  return Object.assign(privacyError(fault.code, fault.cause), {
    errMsg: `${name}:fail ${fault.code}`,
  });
}
