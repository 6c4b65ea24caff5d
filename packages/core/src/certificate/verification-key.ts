import type { Checklist } from "./checklist.ts";
import type { StatementHeader } from "./compact-jws.ts";
import {
  type KeySet,
  keyAlgorithm,
  keyThumbprint,
  type PublicKeyMembers,
  publicKeyMembers,
} from "./signing-key.ts";

const PRIVATE_MEMBERS = ["d", "k", "p", "q", "dp", "dq", "qi", "oth", "priv"];

/**
 * Finds the key a header names in the set the verifier brought. Undefined when a check fails.
 *
 * @param pin The thumbprint the verifier trusts; undefined when the set itself is trusted.
 */
export async function selectVerificationKey(
  list: Checklist,
  { alg, kid }: StatementHeader,
  { keys }: KeySet,
  pin: string | undefined,
): Promise<PublicKeyMembers | undefined> {
  const [jwk, ...others] = keys.filter((key) => key.kid === kid);
  if (!list.holds("key-known", jwk !== undefined) || !list.holds("key-unique", others.length === 0))
    return undefined;
  // A published private key may have been used by anybody.
  if (!list.holds("key-public", !PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk!, member))))
    return undefined;
  const key = publicKeyMembers({ ...jwk });
  const fits = key !== undefined && keyAlgorithm(key) === alg && isForVerifying({ ...jwk }, alg);
  if (!list.holds("key-form", fits)) return undefined;
  const thumbprint = await keyThumbprint(key!);
  if (!list.holds("key-thumbprint", thumbprint === kid)) return undefined;
  if (pin !== undefined && !list.holds("key-pinned", thumbprint === pin)) return undefined;
  return key;
}

/** `alg`, `use` and `key_ops` may be left out; where they stand they must say verification with this algorithm. */
function isForVerifying(jwk: { readonly [member: string]: unknown }, alg: string): boolean {
  const { alg: keyAlg = alg, use = "sig", key_ops: operations = ["verify"] } = jwk;
  return (
    keyAlg === alg && use === "sig" && Array.isArray(operations) && operations.includes("verify")
  );
}
