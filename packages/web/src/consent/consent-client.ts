import { type ConsentStatus, isOptOutPurpose, isPermitting } from "@miniprivacy/core";
import type { ClientPolicy, Language } from "@miniprivacy/core/policy";
import { base64Url } from "../base64url.ts";
import { type Call, DEVICE_HEADER } from "../http/transport.ts";
import { type PageHost, signalsOptOut, type Warn } from "../page-host.ts";
import { privacyError } from "../privacy-error.ts";
import { isText } from "../text.ts";
import type { Changes } from "./changes.ts";
import type { StateStore } from "./client-storage.ts";
import type { DeviceSecret } from "./device-secret.ts";
import type { Choice, DeniedSince, GrantStatement, Outbox } from "./outbox.ts";

/** A notice as it is shown: the text in the subject's language, for one purpose. */
export interface ShownNotice<Purpose extends string = string> {
  readonly purpose: Purpose;
  readonly text: string;
  readonly language: Language;
}

/** What became of a notice. */
export type PromptChoice = "given" | "refused" | "unseen";

/** What a grant states, before it is made. */
export type OpenStatement = { -readonly [Part in keyof GrantStatement]: GrantStatement[Part] };

/**
 * Shows a notice with two equal choices and tells which was taken. Closing, leaving or ignoring is `refused`; `unseen`
 * when it came before nobody's eyes: then nothing is permitted, and nothing recorded.
 *
 * @see WX-4.4.3, PIPL-14, PIPL-16
 */
export interface ConsentPrompt<Purpose extends string = string> {
  /** @param statement What goes with a yes: a prompt that learns more writes it in. */
  (notice: ShownNotice<Purpose>, statement: OpenStatement): Promise<PromptChoice>;
  /** What shows it, kept with the decision: 1 to 64 of `A-Z a-z 0-9 . _ -` (not told). */
  readonly surface?: string;
}

/** The state of one purpose for this person. */
export interface ConsentAnswer {
  readonly permitted: boolean;
  readonly status: ConsentStatus;
  /** Signed copy of the decision (JWS), once there is one. */
  readonly receipt?: string | undefined;
  /** The browser's Global Privacy Control stands against it; nobody is asked. */
  readonly signal?: "gpc" | undefined;
}

/** What became of a question. */
export interface AskedConsent extends ConsentAnswer {
  /**
   * For the request that needs the consent, e.g. the order: names the device, and carries the decision made on this
   * page, so that the request cannot overtake it.
   */
  readonly headers: { readonly [name: string]: string };
}

/** Starts and stops what needs a consent. */
export interface ConsentHandlers {
  /** Called when the consent is there, at once or later. */
  readonly given: () => void;
  /** Called when it is gone, after `given`. */
  readonly withdrawn: () => void;
}

export interface AskOptions extends GrantStatement {
  /** The person asked for it just now, e.g. pressed "agree": a refusal a while ago does not stand in the way (false). */
  readonly again?: boolean;
}

export interface ConsentClient<Purpose extends string> {
  /**
   * Asks when it must: at once `permitted` for a consent in force, otherwise shows the notice and records the choice.
   * Calls for one purpose at the same time share one notice. With a storage, a refusal is not followed by another
   * question for the time of the cool-down.
   *
   * Under Global Privacy Control nothing is shown for `marketing` and `sharing`, and the refusal is recorded.
   *
   * @throws PrivacyError when the server cannot be asked, or did not record a grant; nothing is permitted then
   */
  ask(purpose: Purpose, options?: AskOptions): Promise<AskedConsent>;
  /** @throws PrivacyError `ERR_CONSENT_MISSING` unless the person consents */
  require(purpose: Purpose, options?: AskOptions): Promise<AskedConsent>;
  /** What is recorded, without asking; a denial that could not be delivered yet counts. */
  status(purpose: Purpose): Promise<ConsentAnswer>;
  list(): Promise<readonly (ConsentAnswer & { readonly purpose: Purpose })[]>;
  /**
   * One call, no question back. It counts on this device at once; while the server cannot be reached it is kept in the
   * storage and delivered later, without a receipt here.
   *
   * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when it was neither delivered nor kept
   */
  withdraw(purpose: Purpose): Promise<ConsentAnswer>;
  /**
   * Starts an SDK of the policy once its purpose is consented to, and stops it when that is withdrawn, here or on
   * another page. Asks nobody.
   *
   * @returns ends it, without a call of `withdrawn`
   */
  on(sdk: string, handlers: ConsentHandlers): () => void;
  /** Calls back when a decision was made, here or on another page. @returns ends it */
  watch(listener: () => void): () => void;
}

export interface ConsentClientOptions<Purpose extends string> {
  readonly call: Call;
  readonly outbox: Outbox;
  readonly store: StateStore;
  readonly language: Language;
  readonly prompt: ConsentPrompt<Purpose>;
  readonly coolDownMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly policy: () => Promise<ClientPolicy>;
  readonly device: DeviceSecret;
  readonly changes: Changes;
  readonly host: PageHost;
  readonly warn: Warn;
}

interface ServedNotice {
  readonly token: string;
  readonly text: string;
}
interface StoredConsent {
  readonly purpose: string;
  readonly status: ConsentStatus;
  readonly receipt?: string;
}

export function createConsentClient<Purpose extends string>(
  options: ConsentClientOptions<Purpose>,
): ConsentClient<Purpose> {
  const { call, outbox, store, language, prompt, policy, device, changes } = options;
  const asking = new Map<Purpose, Promise<AskedConsent>>();
  /** The last decision made on this page, as a header. */
  const proofs = new Map<string, { readonly [name: string]: string }>();

  async function served(): Promise<readonly StoredConsent[]> {
    const { consents } = await call<{ consents?: unknown }>("GET", "/consents");
    if (!Array.isArray(consents)) throw privacyError("ERR_STORE_UNAVAILABLE");
    return consents;
  }

  async function list(): Promise<readonly (ConsentAnswer & { readonly purpose: Purpose })[]> {
    await outbox.flush();
    const isDenied = outbox.watchDenials();
    return Promise.all(
      (await served()).map(async (stored) => ({
        purpose: stored.purpose as Purpose,
        ...(await current(stored, isDenied)),
      })),
    );
  }

  /**
   * The server's word, where this device knows no later one.
   *
   * @param isDenied Whether it was denied since the server was asked.
   */
  async function current(
    { purpose, ...stored }: StoredConsent,
    isDenied: DeniedSince,
  ): Promise<ConsentAnswer> {
    const waiting = await outbox.waitingDenial(purpose);
    if (waiting) return answer({ status: waiting });
    const known = answer(stored);
    if (await isOptedOut(purpose))
      return known.permitted ? decide(purpose, OPT_OUT) : { ...known, signal: "gpc" };
    if (!known.permitted) return known;
    if (isDenied(purpose)) return answer({ status: "withdrawn" });
    const { decidedSince } = await store.read();
    return decidedSince && !decidedSince.includes(purpose) ? answer({ status: "unknown" }) : known;
  }

  async function isOptedOut(purpose: string): Promise<boolean> {
    if (!signalsOptOut(options.host)) return false;
    return isOptOutPurpose((await policy()).purposes[purpose] || {});
  }

  async function status(purpose: Purpose): Promise<ConsentAnswer> {
    await outbox.flush();
    const waiting = await outbox.waitingDenial(purpose);
    if (waiting) return answer({ status: waiting });
    const isDenied = outbox.watchDenials();
    const stored = (await served()).find((entry) => entry.purpose === purpose);
    if (!stored) throw privacyError("ERR_PURPOSE_UNKNOWN");
    return current(stored, isDenied);
  }

  function ask(purpose: Purpose, options: AskOptions = {}): Promise<AskedConsent> {
    const asked =
      asking.get(purpose) || askOnce(purpose, options).finally(() => asking.delete(purpose));
    asking.set(purpose, asked);
    return asked;
  }

  async function askOnce(purpose: Purpose, options: AskOptions): Promise<AskedConsent> {
    const found = await answerOf(purpose, options);
    return { ...found, headers: { [DEVICE_HEADER]: await device(), ...proofs.get(purpose) } };
  }

  async function answerOf(
    purpose: Purpose,
    { again, ...statement }: AskOptions,
  ): Promise<ConsentAnswer> {
    const found = await status(purpose);
    const waiting = await outbox.waitingDenial(purpose);
    if (found.permitted || waiting) return found;
    // Requirement PIPL-14: a refusal that the browser states for the person is one; it is recorded once.
    if (found.signal === "gpc") return isDenial(found.status) ? found : decide(purpose, OPT_OUT);
    // Requirement KS-4.4.3: who refused is left in peace for a while.
    if (!again && (await isCoolingDown(purpose))) return answer({ status: "refused" });
    const { surface } = prompt;
    let path = `/notice?language=${language}&purposes=${encodeURIComponent(purpose)}`;
    if (surface) path += `&surface=${surface}`;
    const { token, text } = await call<Partial<ServedNotice>>("GET", path);
    if (!isText(token) || !isText(text)) throw privacyError("ERR_STORE_UNAVAILABLE");
    const isDenied = outbox.watchDenials();
    let choice: PromptChoice | undefined;
    try {
      choice = await prompt({ purpose, text, language }, statement);
    } catch {
      // A prompt that fails is no yes.
    }
    if (choice === "unseen") return found;
    // Requirement PIPL-14: whatever is not a clear yes is a no.
    if (choice !== "given") return decide(purpose, { decision: "refused" });
    const decided = await decide(purpose, { ...statement, decision: "given", notice: token });
    return isDenied(purpose) ? answer({ status: "withdrawn" }) : decided;
  }

  /** A clock that was set back does not end it. */
  async function isCoolingDown(purpose: Purpose): Promise<boolean> {
    const { refusedAt } = await store.read();
    return refusedAt.some(
      ([refused, at]) => refused === purpose && options.now() - at < options.coolDownMs,
    );
  }

  async function decide(purpose: string, choice: Choice): Promise<ConsentAnswer> {
    const { stored, receipt } = await outbox.decide(purpose, choice);
    // Ids, tokens and times: nothing in it is outside ASCII.
    const posted = JSON.stringify({ decisions: [stored] });
    const proof = base64Url(Array.from(posted, (char) => char.charCodeAt(0)));
    proofs.set(purpose, { "x-privacy-proof": proof });
    const { decision: status, signal } = stored;
    return answer({ status, receipt, signal });
  }

  async function sdkStatus(sdk: string): Promise<Pick<ConsentAnswer, "permitted">> {
    const {
      sdks: { [sdk]: declared },
    } = await policy();
    if (declared) return status(declared.purpose as Purpose);
    options.warn({ code: "sdk-unknown", cause: sdk });
    return { permitted: false };
  }

  function on(sdk: string, { given, withdrawn }: ConsentHandlers): () => void {
    let isOn = false;
    let last = Promise.resolve();
    async function follow(): Promise<void> {
      // Without an answer it stays as it is.
      const { permitted } = await sdkStatus(sdk).catch(() => ({ permitted: isOn }));
      if (isEnded || permitted === isOn) return;
      isOn = permitted;
      // What it throws is the host's to see, and ends nothing here.
      void (async () => (isOn ? given : withdrawn)())();
    }
    let isEnded = false;
    const look = (): void => void (last = last.then(follow));
    const unwatch = changes.watch(look);
    look();
    return () => {
      isEnded = true;
      unwatch();
    };
  }

  return {
    ask,
    status,
    list,
    async require(purpose, options) {
      const result = await ask(purpose, options);
      if (!result.permitted) throw privacyError("ERR_CONSENT_MISSING");
      return result;
    },
    withdraw: (purpose) => decide(purpose, { decision: "withdrawn" }),
    on,
    watch: changes.watch,
  };
}

function isDenial(status: ConsentStatus): boolean {
  return status === "refused" || status === "withdrawn";
}

/** @see https://www.w3.org/TR/gpc/ */
const OPT_OUT: Choice = { decision: "refused", signal: "gpc" };

function answer(known: Omit<ConsentAnswer, "permitted">): ConsentAnswer {
  return { permitted: isPermitting(known.status), ...known };
}
