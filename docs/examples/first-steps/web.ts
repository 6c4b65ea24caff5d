import { createPrivacyClient } from "@miniprivacy/web";
import type { policy } from "./policy.ts";
import { showDialog } from "./dialog.ts";

const privacy = createPrivacyClient<typeof policy>({
  endpoint: "/privacy",
  language: "zh-CN",
  host: window,
  prompt: ({ text }) => showDialog(text, { agree: "同意", refuse: "不同意" }),
});

export async function submitOrder(form: FormData): Promise<void> {
  const { permitted } = await privacy.consent.ask("delivery"); // asks only when it must
  if (!permitted) form.delete("phone"); // the shop goes on: pick-up instead
  await fetch("/orders", { method: "POST", body: form });
}
