import { PrivacyError } from "@miniprivacy/core/errors";
import type { Database } from "../database/database.ts";
import { keyedDigest, type Keys, SECRET_NAMES } from "./keys.ts";

/**
 * Makes sure that every process of a deployment brings the same keys: the first leaves fingerprints, the others must match.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` naming the key that differs.
 */
export async function requireSameKeys({ tables }: Database, keys: Keys): Promise<void> {
  const own: { readonly [name: string]: Buffer } = {
    signing: Buffer.from(keys.signer.kid, "base64url"),
    log: Buffer.from(keys.log.publicJwk.kid, "base64url"),
    ...Object.fromEntries(SECRET_NAMES.map((name) => [name, fingerprint(keys[name])])),
  };
  await tables
    .insertInto("deployment_key")
    .values(Object.entries(own).map(([name, print]) => ({ name, fingerprint: print })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const known = await tables.selectFrom("deployment_key").selectAll().execute();
  const other = known.find(({ name, fingerprint: print }) => !own[name]?.equals(print));
  if (other !== undefined)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `the ${other.name} key is not this deployment's`,
    });
}

function fingerprint(key: Uint8Array): Buffer {
  return keyedDigest(key, "fingerprint");
}
