import { PrivacyError } from "@miniprivacy/core/errors";
import { type ConsentStatus, isPermitting } from "@miniprivacy/core";
import type { Language } from "@miniprivacy/core/policy";
import type { Call } from "../http/transport.ts";
import type { RandomBytes } from "../random-id.ts";
import { randomId } from "../random-id.ts";

/** A notice as it is shown: the text in the subject's language, for one purpose. */
export interface ShownNotice<Purpose extends string = string> {
  readonly purpose: Purpose;
  readonly text: string;
  readonly language: Language;
}

/**
 * Shows a notice with two equal choices and tells which was taken. Closing, leaving or ignoring is `refused`.
 *
 * @see WX-4.4.3, PIPL-14, PIPL-16
 */
export type ConsentPrompt<Purpose extends string = string> = (
  notice: ShownNotice<Purpose>,
) => Promise<"given" | "refused">;

/** The state of one purpose for this person. */
export interface ConsentAnswer {
  readonly permitted: boolean;
  readonly status: ConsentStatus;
  /** Signed copy of the decision (JWS), once there is one. */
  readonly receipt?: string;
}

export interface ConsentClient<Purpose extends string> {
  /** Asks when it must: at once `permitted` for a consent in force, otherwise shows the notice and records the choice. */
  ask(purpose: Purpose): Promise<ConsentAnswer>;
  /** @throws PrivacyError `ERR_CONSENT_MISSING` unless the person consents */
  require(purpose: Purpose): Promise<ConsentAnswer>;
  /** What is recorded, without asking. */
  status(purpose: Purpose): Promise<ConsentAnswer>;
  list(): Promise<readonly (ConsentAnswer & { readonly purpose: Purpose })[]>;
  /** One call, no question back. */
  withdraw(purpose: Purpose): Promise<ConsentAnswer>;
}

export interface ConsentClientOptions<Purpose extends string> {
  readonly call: Call;
  readonly language: Language;
  readonly prompt: ConsentPrompt<Purpose>;
  readonly random: RandomBytes;
  /** Epoch milliseconds. */
  readonly now: () => number;
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
  const { call, language, prompt, random, now } = options;
  let counter = 0;

  async function list(): Promise<readonly (ConsentAnswer & { readonly purpose: Purpose })[]> {
    const { consents } = await call<{ consents: readonly StoredConsent[] }>("GET", "/consents");
    return consents.map(({ purpose, ...rest }) => ({
      purpose: purpose as Purpose,
      ...answer(rest),
    }));
  }

  async function status(purpose: Purpose): Promise<ConsentAnswer> {
    const found = (await list()).find((entry) => entry.purpose === purpose);
    if (found === undefined) throw new PrivacyError("ERR_PURPOSE_UNKNOWN");
    const { purpose: _purpose, ...rest } = found;
    return rest;
  }

  async function ask(purpose: Purpose): Promise<ConsentAnswer> {
    const current = await status(purpose);
    if (current.permitted) return current;
    const query = `?language=${encodeURIComponent(language)}&purposes=${encodeURIComponent(purpose)}`;
    const { token, text } = await call<ServedNotice>("GET", `/notice${query}`);
    // Requirement PIPL-14: whatever is not a clear yes is a no, a prompt that fails included.
    const decision = await prompt({ purpose, text, language }).catch(() => "refused" as const);
    return decide(
      purpose,
      decision === "given" ? { decision, notice: token } : { decision: "refused" },
    );
  }

  async function decide(
    purpose: Purpose,
    choice:
      | { readonly decision: "given"; readonly notice: string }
      | { readonly decision: "refused" },
  ): Promise<ConsentAnswer> {
    const at = new Date(now()).toISOString();
    const decision = {
      decisionId: await randomId(random),
      purpose,
      ...choice,
      counter: counter++,
      at,
    };
    const { results } = await call<{ results: readonly { receipt: string }[] }>(
      "POST",
      "/consents",
      {
        body: { decisions: [decision] },
      },
    );
    return answer({ status: choice.decision, receipt: results[0]!.receipt });
  }

  return {
    ask,
    status,
    list,
    async require(purpose) {
      const result = await ask(purpose);
      if (!result.permitted) throw new PrivacyError("ERR_CONSENT_MISSING");
      return result;
    },
    async withdraw(purpose) {
      return answer(
        await call<StoredConsent>("DELETE", `/consents/${encodeURIComponent(purpose)}`),
      );
    },
  };
}

function answer({
  status,
  receipt,
}: {
  readonly status: ConsentStatus;
  readonly receipt?: string;
}): ConsentAnswer {
  const permitted = isPermitting(status);
  return receipt === undefined ? { permitted, status } : { permitted, status, receipt };
}
