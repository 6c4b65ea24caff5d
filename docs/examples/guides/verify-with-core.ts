import { type KeySet, verifyCertificate } from "@miniprivacy/core/certificate";
import { verifyEd25519 } from "@miniprivacy/node";

/** Says all that `miniprivacy verify` says: form, key, signature, claim, and the place in the log. */
export async function verifyWithCore(
  { certificate, proof }: { readonly certificate: string; readonly proof: string },
  keys: KeySet,
  thumbprint: string,
) {
  const result = await verifyCertificate(certificate, {
    keys,
    trust: thumbprint,
    now: Date.now(),
    proof: { text: proof, verifyEd25519 },
  });
  if (result.verdict === "invalid") return { failed: result.checks.at(-1)!.name };
  const { claims, logged } = result;
  return { claim: claims.claim, completesAt: claims.completesAt, entry: logged?.leafIndex };
}
