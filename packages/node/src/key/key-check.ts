import { PrivacyError } from "@miniprivacy/core/errors";
import type { Database } from "../database/database.ts";
import { keyedDigest, type Keys } from "./keys.ts";

/**
 * Makes sure that every process of a deployment brings the same keys: the first leaves fingerprints, the others must match.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` naming the key that differs.
 */
export async function requireSameKeys({ tables }: Database, keys: Keys): Promise<void> {
  const own = {
    signing: Buffer.from(keys.signer.kid, "base64url"),
    mac: fingerprint(keys.mac),
    index: fingerprint(keys.index),
    evidence: fingerprint(keys.evidence),
  };
  await tables
    .insertInto("deployment_key")
    .values(Object.entries(own).map(([name, print]) => ({ name, fingerprint: print })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const known = await tables.selectFrom("deployment_key").selectAll().execute();
  const other = known.find(
    ({ name, fingerprint: print }) => !own[name as keyof typeof own]?.equals(print),
  );
  if (other !== undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `the ${other.name} key is not this deployment's`,
    });
}

function fingerprint(key: Uint8Array): Buffer {
  return keyedDigest(key, "fingerprint");
}
