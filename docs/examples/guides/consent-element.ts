import { createPrivacyClient } from "@miniprivacy/web";
import { type ElementHost, elementPrompt } from "@miniprivacy/web/element";
import { indexedDbStorage } from "@miniprivacy/web/storage";
import type { policy } from "./policy.ts";

/** `page` is `window`. The dialog is ours; `<privacy-center>` stands where the page's HTML has put it. */
export function openPage(page: ElementHost) {
  const privacy = createPrivacyClient<typeof policy>({
    endpoint: "/privacy",
    language: "zh-CN",
    host: page,
    storage: indexedDbStorage(page),
    prompt: elementPrompt(page),
  });
  const center = page.document.querySelector("privacy-center");
  if (center !== null) center.client = privacy;
  return privacy;
}

/** The headers carry the decision itself: the order cannot overtake it. */
export async function orderByCourier(privacy: ReturnType<typeof openPage>, order: FormData) {
  const { permitted, headers } = await privacy.consent.ask("delivery");
  return permitted ? fetch("/orders", { method: "POST", headers, body: order }) : undefined;
}
