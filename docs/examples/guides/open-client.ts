import {
  type ConsentPrompt,
  createPrivacyClient,
  type CryptoHost,
  type FetchHost,
} from "@miniprivacy/web";
import type { PurposeId } from "@miniprivacy/core/policy";
import type { policy } from "./policy.ts";

/** In a page, `host` is `window`. */
export function openClient(
  host: FetchHost & CryptoHost,
  prompt: ConsentPrompt<PurposeId<typeof policy>>,
) {
  return createPrivacyClient<typeof policy>({
    endpoint: "/privacy",
    language: "zh-CN",
    host,
    prompt,
  });
}

export type ShopClient = ReturnType<typeof openClient>;
