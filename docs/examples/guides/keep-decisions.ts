import {
  type ConsentPrompt,
  createPrivacyClient,
  type CryptoHost,
  type FetchHost,
} from "@miniprivacy/web";
import type { PurposeId } from "@miniprivacy/core/policy";
import type { policy } from "./policy.ts";

/** Who is signed in: `account` is a random name kept with the account, never a phone number. */
export interface SignedIn {
  readonly account: string;
  readonly token: () => string;
}

/** Opened anew at each sign-in, never kept for the next person. */
export function openKeepingClient(
  host: FetchHost & CryptoHost & { readonly localStorage: Storage },
  { account, token }: SignedIn,
  prompt: ConsentPrompt<PurposeId<typeof policy>>,
) {
  return createPrivacyClient<typeof policy>({
    endpoint: "/privacy",
    language: "zh-CN",
    host,
    prompt,
    account,
    storage: {
      get: (key) => host.localStorage.getItem(key),
      set: (key, value) => host.localStorage.setItem(key, value),
    },
    coolDownMs: 7 * 86_400_000,
    headers: () => ({ authorization: `Bearer ${token()}` }),
  });
}

/** Behind a button of the person's own: a refusal of a while ago does not stand in the way. */
export async function chooseAgain(privacy: ReturnType<typeof openKeepingClient>): Promise<boolean> {
  const { permitted } = await privacy.consent.ask("marketing", { again: true });
  return permitted;
}
