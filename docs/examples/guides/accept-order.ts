import { randomUUID } from "node:crypto";
import { purposeView } from "@miniprivacy/core";
import { order } from "./policy.ts";

const form = purposeView(order, "delivery");

/** Takes of a form what delivery may collect; `allergy` stays behind. Whose order it is, the session tells. */
export function acceptOrder(memberId: string, input: unknown) {
  const taken = form.accept(input);
  if (!taken.accepted) return taken.issues; // places, never values
  const { item, phone, address } = taken.value;
  return { id: randomUUID(), memberId, item, phone, address, closedAt: null };
}
