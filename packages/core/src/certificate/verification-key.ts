import type { Checklist } from "./checklist.ts";
import type { StatementHeader } from "./compact-jws.ts";
import { isPublicOnly, mayVerify } from "./published-key.ts";
import {
  type KeySet,
  keyAlgorithm,
  keyThumbprint,
  type PublicKeyMembers,
  publicKeyMembers,
} from "./signing-key.ts";

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
  if (!list.holds("key-public", isPublicOnly({ ...jwk }))) return undefined;
  const key = publicKeyMembers({ ...jwk });
  const fits =
    key !== undefined &&
    keyAlgorithm(key) === alg &&
    mayVerify({ ...jwk }, alg) &&
    // A log's key signs checkpoints only.
    !Object.hasOwn(jwk!, "log");
  if (!list.holds("key-form", fits)) return undefined;
  const thumbprint = await keyThumbprint(key!);
  if (!list.holds("key-thumbprint", thumbprint === kid)) return undefined;
  if (pin !== undefined && !list.holds("key-pinned", thumbprint === pin)) return undefined;
  return key;
}
