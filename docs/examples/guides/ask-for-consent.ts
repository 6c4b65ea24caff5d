import type { ShopClient } from "./open-client.ts";

/** Asks at the moment the phone number is needed, and not before. Without consent the shop goes on. */
export async function wayToDeliver(privacy: ShopClient): Promise<"courier" | "pick-up"> {
  const { permitted } = await privacy.consent.ask("delivery");
  return permitted ? "courier" : "pick-up";
}

/** One click, no question back: as easy as giving. */
export async function stopOffers(privacy: ShopClient): Promise<string> {
  const { status } = await privacy.consent.withdraw("marketing");
  return status; // "withdrawn"
}
