const PRIVATE_MEMBERS = ["d", "k", "p", "q", "dp", "dq", "qi", "oth", "priv"];

interface Members {
  readonly [member: string]: unknown;
}

/** Whether nothing private stands in a published key: one that does may have been used by anybody. */
export function isPublicOnly(jwk: Members): boolean {
  return !PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member));
}

/** Whether a key may verify with an algorithm: `alg`, `use` and `key_ops` may be left out; where they stand they must say so. */
export function mayVerify(jwk: Members, algorithm: string): boolean {
  const { alg = algorithm, use = "sig", key_ops: operations = ["verify"] } = jwk;
  return (
    alg === algorithm && use === "sig" && Array.isArray(operations) && operations.includes("verify")
  );
}
