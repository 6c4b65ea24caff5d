import type { ProcessingMethod, PurposeDefinition } from "./policy.ts";

/** What is done with the data of a purpose: as declared, else collect, store and use, and transmit when it has recipients. */
export function processingMethods(purpose: PurposeDefinition): readonly ProcessingMethod[] {
  if (purpose.methods !== undefined) return purpose.methods;
  const own = ["collect", "store", "use"] as const;
  return purpose.recipients?.length ? [...own, "transmit"] : own;
}
