import { createPrivacyClient } from "@miniprivacy/web";
import { elementPrompt } from "@miniprivacy/web/element";
import type { policy } from "./policy.ts";

const privacy = createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "zh-CN",
  host: window,
  prompt: elementPrompt(window),
});

export async function submitOrder(form: FormData): Promise<void> {
  const { permitted } = await privacy.consent.ask("delivery"); // asks only when it must
  if (!permitted) form.delete("phone"); // the shop goes on: pick-up instead
  await fetch("/orders", { method: "POST", body: form });
}
