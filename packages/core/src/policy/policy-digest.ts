import { sha256Hex } from "../bytes/digest.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import type { Policy } from "./policy.ts";

/**
 * The policy's fingerprint: SHA-256 over its RFC 8785 JSON, lower-case hex.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` when the policy holds anything that is not JSON.
 */
export function policyDigest(policy: Policy): string {
  return sha256Hex(canonicalJson(policy));
}

/**
 * The fingerprint of all that the notice of one purpose promises: its definition with the categories, recipients and
 * SDKs behind it, the parties, and where data is stored.
 * A consent stands as long as this part is unchanged.
 */
export function purposeDigest(policy: Policy, purpose: string): string {
  const definition = Object.hasOwn(policy.purposes, purpose) ? policy.purposes[purpose] : undefined;
  if (definition === undefined) throw new RangeError("the policy has no such purpose");
  const pick = <Value>(
    table: { readonly [id: string]: Value },
    ids: readonly string[],
  ): { [id: string]: Value } =>
    Object.fromEntries(ids.flatMap((id) => (table[id] === undefined ? [] : [[id, table[id]]])));
  const sdks = Object.entries(policy.sdks ?? {}).filter(([, sdk]) => sdk.purpose === purpose);
  return sha256Hex(
    canonicalJson({
      controller: policy.controller,
      processor: policy.processor ?? null,
      storageLocations: policy.storageLocations ?? [policy.controller.country],
      sdks: Object.fromEntries(sdks),
      definition,
      categories: pick(policy.categories, definition.categories),
      recipients: pick(policy.recipients, definition.recipients ?? []),
    }),
  );
}
