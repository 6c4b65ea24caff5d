import type { Language } from "@miniprivacy/core/policy";
import { callHost, type HostObject, hostMethod } from "./call-host.ts";
import type { DialogAnswer, DialogHandlers, Dialogs, PlatformQuestion } from "./dialogs.ts";
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
  /** Passes an answer given elsewhere to all that wait for one. */
  answer(answer: DialogAnswer): void;
  /** Makes ours the listener that counts: the platform knows only the last one registered. */
  listen(): void;
  /** How often the platform has asked us. */
  heard(): number;
  readonly openContract: () => Promise<void>;
}

interface PrivacySetting {
  readonly needAuthorization?: unknown;
  readonly privacyContractName?: unknown;
}

export interface PlatformAgreementOptions {
  readonly host: HostObject;
  readonly language: Language;
  readonly dialogs: Dialogs;
  readonly handlers: DialogHandlers<PlatformQuestion>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The host tells at once, or not at all. */
const SETTING_MS = 3_000;
/** A tap on the agree button answers what the platform asks right after it. */
const TAP_MS = 10_000;

/**
 * @see WX-4.4.2a, https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
 */
export function createPlatformAgreement(options: PlatformAgreementOptions): PlatformAgreement {
  const { host, language, dialogs, handlers, now } = options;
  const pending = new Set<Resolve>();
  let times = 0;
  let asking: Promise<boolean> | undefined;
  let tapped: { readonly answer: DialogAnswer; readonly at: number } | undefined;

  async function setting(): Promise<PrivacySetting> {
    if (hostMethod(host, "getPrivacySetting") === undefined) return { needAuthorization: false };
    const answered = callHost<object>(host, "getPrivacySetting").catch(() => ({}));
    return (await withinTime(answered, SETTING_MS)) ?? {};
  }

  function listen(): void {
    const register = hostMethod(host, "onNeedPrivacyAuthorization");
    if (register !== undefined && handlers.last() !== undefined) register(heard);
  }

  function heard(resolve: Resolve, info?: { readonly referrer?: unknown }): void {
    const referrer = asText(info?.referrer);
    pending.add(resolve);
    times++;
    const recent = recentTap();
    if (recent === undefined) void ask(referrer);
    else answer(recent);
  }

  function recentTap(): DialogAnswer | undefined {
    return tapped !== undefined && now() - tapped.at < TAP_MS ? tapped.answer : undefined;
  }

  /** Several interfaces that wait at the same time share one question. */
  function ask(referrer: string): Promise<boolean> {
    asking = asking ?? askOnce(referrer).finally(() => (asking = undefined));
    return asking;
  }

  async function askOnce(referrer: string): Promise<boolean> {
    const { privacyContractName } = await setting();
    const given = await dialogs.open({
      handlers,
      content: { referrer, contractName: asText(privacyContractName), language },
      answeredAlready: recentTap,
      shown: () => tellAll(Array.from(pending), { event: "exposureAuthorization" }),
    });
    answer(given);
    return given.agreed;
  }

  function answer(given: DialogAnswer): void {
    if (given.agreed && given.buttonId !== undefined) tapped = { answer: given, at: now() };
    const waiting = Array.from(pending);
    pending.clear();
    const { agreed, buttonId } = given;
    tellAll(waiting, agreed ? { event: "agree", buttonId } : { event: "disagree" });
  }

  return {
    async isNeeded() {
      const { needAuthorization } = await setting();
      return typeof needAuthorization === "boolean" ? needAuthorization : undefined;
    },
    canAsk: () => handlers.last() !== undefined,
    ask,
    answer,
    listen,
    heard: () => times,
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
