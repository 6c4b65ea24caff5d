import { type AccessFacts, purposeView } from "@miniprivacy/core";
import { createPrivacyClient } from "@miniprivacy/web";
import { createPrivacy } from "@miniprivacy/node";
import { order, type policy } from "../../docs/examples/first-steps/policy.ts";

declare const facts: AccessFacts;
const row = { id: "1", memberId: "lin", phone: "139", closedAt: null };
const result = purposeView(order, "delivery").read(row, facts, 0);
if (result.permitted) {
  result.value.phone satisfies string;
  // @ts-expect-error not a field of the record
  void result.value.address;
}
// @ts-expect-error no such purpose
purposeView(order, "marketing");
void [createPrivacyClient<typeof policy>, createPrivacy];
