import type { ClientPolicy } from "@miniprivacy/core/policy";
import type { Call } from "../http/transport.ts";

/** Fetches the policy when it is first needed, and keeps it. */
export function createPolicySource(call: Call): () => Promise<ClientPolicy> {
  let served: Promise<ClientPolicy> | undefined;
  return () => {
    served ||= call<ClientPolicy>("GET", "/policy").catch((error: unknown) => {
      served = undefined;
      throw error;
    });
    return served;
  };
}
