import type { ShopClient } from "./open-client.ts";

/** What an SDK lets you do with it. */
export interface Sdk {
  start(): void;
  stop(): void;
}

/** `counter` is what the policy's `sdks` calls it; its purpose there decides. */
export function followConsent(privacy: ShopClient, sdk: Sdk): () => void {
  return privacy.consent.on("counter", {
    given: () => sdk.start(),
    withdrawn: () => sdk.stop(),
  });
}
