import type { Language } from "@miniprivacy/core/policy";
import { callHost, type HostObject, hostMethod } from "./call-host.ts";
import type { DialogAnswer, PlatformQuestion } from "./dialog.ts";
import type { DialogHandlers } from "./dialog-handlers.ts";
import type { DialogQueue } from "./dialog-queue.ts";
import { withinTime } from "./within-time.ts";

/** What the platform is told about its own question. */
type Resolution =
  | { readonly event: "exposureAuthorization" | "disagree" }
  | { readonly event: "agree"; readonly buttonId: string | undefined };
type Resolve = (resolution: Resolution) => unknown;

/** The agreement of a person with the platform's own privacy guide, beside our records. */
export interface PlatformAgreement {
  /**
   * Whether the platform would ask before its interfaces answer; undefined when it does not say. `false` is no consent:
   * it is also so where nothing was declared, and where the platform never asks.
   */
  isNeeded(): Promise<boolean | undefined>;
  /** Whether anything here can show the question. */
  canAsk(): boolean;
  /** @param referrer What wants the information. */
  ask(referrer: string): Promise<boolean>;
  /** Passes an agree button's tap to all that wait for one. @returns whether the platform took it */
  tell(buttonId: string): Promise<boolean>;
  /** Makes ours the listener that counts: the platform knows only the last one registered. */
  listen(): void;
  /** Told what wanted information, whenever the platform asks us. */
  onHeard(listener: (referrer: string) => void): void;
  readonly openContract: () => Promise<void>;
}

interface PrivacySetting {
  readonly needAuthorization?: unknown;
  readonly privacyContractName?: unknown;
}

export interface PlatformAgreementOptions {
  readonly host: HostObject;
  readonly language: Language;
  readonly dialogs: DialogQueue;
  readonly handlers: DialogHandlers<PlatformQuestion>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The host tells at once, or not at all. */
const SETTING_MS = 3_000;
/** After a refusal the platform shows nothing for so long, and neither do we. */
const GAP_MS = 10_000;

/**
 * @see WX-4.4.2a, https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
 */
export function createPlatformAgreement(options: PlatformAgreementOptions): PlatformAgreement {
  const { host, language, dialogs, handlers, now } = options;
  const pending = new Set<Resolve>();
  let hear: (referrer: string) => void = () => undefined;
  let asking: Promise<boolean> | undefined;
  let isShown = false;
  let isSilent = false;
  let refusedAt = -Infinity;

  async function setting(): Promise<PrivacySetting> {
    if (hostMethod(host, "getPrivacySetting") === undefined) return { needAuthorization: false };
    if (isSilent) return {};
    const answered = callHost<object>(host, "getPrivacySetting").catch(() => ({}));
    const answer = await withinTime(answered, SETTING_MS);
    isSilent = answer === undefined;
    return answer ?? {};
  }

  async function isNeeded(): Promise<boolean | undefined> {
    const { needAuthorization } = await setting();
    return typeof needAuthorization === "boolean" ? needAuthorization : undefined;
  }

  function listen(): void {
    if (handlers.last() === undefined) return;
    try {
      const register = hostMethod(host, "onNeedPrivacyAuthorization");
      if (register !== undefined) register(heard);
    } catch {
      // The platform then asks by itself.
    }
  }

  function heard(resolve: Resolve, info?: { readonly referrer?: unknown }): void {
    const referrer = asText(info?.referrer);
    pending.add(resolve);
    hear(referrer);
    if (isShown) tellAll([resolve], { event: "exposureAuthorization" });
    void ask(referrer);
  }

  /** Several interfaces that wait at the same time share one question. */
  function ask(referrer: string): Promise<boolean> {
    if (pending.size === 0 && isTooSoon()) return Promise.resolve(false);
    asking ??= askOnce(referrer);
    return asking;
  }

  function isTooSoon(): boolean {
    const since = now() - refusedAt;
    return since >= 0 && since < GAP_MS;
  }

  async function askOnce(referrer: string): Promise<boolean> {
    const given = await open(referrer).catch((): DialogAnswer => ({ outcome: "refused" }));
    // What is asked while this one is told is another question.
    asking = undefined;
    isShown = false;
    if (given.outcome === "refused") refusedAt = now();
    const isAgreed = given.outcome === "agreed";
    answerPending(isAgreed ? { event: "agree", buttonId: given.buttonId } : { event: "disagree" });
    return isAgreed;
  }

  function open(referrer: string): Promise<DialogAnswer> {
    return dialogs.open({
      handlers,
      async content() {
        const { needAuthorization, privacyContractName } = await setting();
        // A consent asked for meanwhile has answered it too.
        if (pending.size === 0 && needAuthorization !== true) return { outcome: "agreed" };
        return { referrer, contractName: asText(privacyContractName), language };
      },
      shown() {
        isShown = true;
        tellAll(Array.from(pending), { event: "exposureAuthorization" });
      },
    });
  }

  /** Each is resolved once. */
  function answerPending(resolution: Resolution): void {
    const waiting = Array.from(pending);
    pending.clear();
    tellAll(waiting, resolution);
  }

  return {
    isNeeded,
    canAsk: () => handlers.last() !== undefined,
    ask,
    async tell(buttonId) {
      answerPending({ event: "agree", buttonId });
      return (await isNeeded()) === false;
    },
    listen,
    onHeard: (listener) => void (hear = listener),
    openContract: () => callHost<void>(host, "openPrivacyContract"),
  };
}

function tellAll(waiting: readonly Resolve[], resolution: Resolution): void {
  for (const resolve of waiting)
    try {
      resolve(resolution);
    } catch {
      // Its own failure; the others are told all the same.
    }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
