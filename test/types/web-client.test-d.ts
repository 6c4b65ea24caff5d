// the web client gets only the type of the policy
import { createPrivacyClient } from "@miniprivacy/web";
import type { policy } from "./shop.ts";

const privacy = createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "en",
  host: window,
  prompt: async () => "refused",
});
void privacy.consent.ask("delivery");
// @ts-expect-error no such purpose
void privacy.consent.ask("delivry");
createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "en",
  host: window,
  // @ts-expect-error a prompt answers with a decision, not with true
  prompt: async () => true,
});
