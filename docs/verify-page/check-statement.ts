import {
  parseKeySet,
  parseStatementFile,
  parseStrictJson,
  type StatementVerification,
  verifyStatement,
} from "@miniprivacy/core/certificate";
import { isPrivacyError } from "@miniprivacy/core/errors";
import { type Algorithm, canVerify, verifyEd25519 } from "./browser-algorithms.ts";

/** What the person has brought so far. */
export interface Brought {
  /** The statement as text. */
  readonly statement: string;
  /** Its log proof, where it is not in the same text (""). */
  readonly proof: string;
  /** The issuer's JWK set as text. */
  readonly keys: string;
  /** RFC 7638 thumbprint of the key to trust ("": every key of the set). */
  readonly trust: string;
}

export type InputName = "statement" | "keys";

/** What can be said of it. */
export type Outcome =
  | { readonly state: "waiting"; readonly for: readonly InputName[] }
  | {
      readonly state: "unreadable";
      readonly input: InputName;
      /** Which of its parts is the reason: `form` what is written in it; the others only of a file. */
      readonly why: "form" | "size" | "bytes" | "several";
    }
  /** Where the browser cannot check a signature it would look wrong, so nothing is said. */
  | { readonly state: "unsupported"; readonly missing: "cryptography" | Algorithm }
  | {
      readonly state: "verified";
      readonly verification: StatementVerification;
      /** A log proof was there, but this browser cannot check Ed25519 signatures. */
      readonly proofUnchecked: boolean;
    };

/**
 * Verifies what was brought, with nothing else.
 *
 * @param now Epoch milliseconds.
 */
export async function checkStatement(brought: Brought, now: number): Promise<Outcome> {
  const missing = (["statement", "keys"] as const).filter((name) => brought[name].trim() === "");
  if (missing.length > 0) return { state: "waiting", for: missing };
  if (globalThis.crypto?.subtle === undefined)
    return { state: "unsupported", missing: "cryptography" };
  const keys = readable(() => parseKeySet(parseStrictJson(brought.keys)));
  if (keys === undefined) return { state: "unreadable", input: "keys", why: "form" };
  const statement = readable(() => parseStatementFile(brought.statement));
  if (statement === undefined) return { state: "unreadable", input: "statement", why: "form" };
  const trust = brought.trust.trim();
  const { jws, proof: text = brought.proof || undefined } = statement;
  const checkable = text !== undefined && (await canVerify("Ed25519"));
  try {
    const verification = await verifyStatement(jws, {
      keys,
      now,
      ...(trust !== "" && { trust }),
      ...(checkable && { proof: { text, verifyEd25519 } }),
    });
    const missing = await missingFor(jws, verification);
    if (missing !== undefined) return { state: "unsupported", missing };
    return { state: "verified", verification, proofUnchecked: text !== undefined && !checkable };
  } catch (error) {
    if (!isPrivacyError(error)) throw error;
    return { state: "unreadable", input: "statement", why: "form" };
  }
}

/** The algorithm for want of which the signature did not hold. */
async function missingFor(
  jws: string,
  { checks }: StatementVerification,
): Promise<Algorithm | undefined> {
  if (checks.at(-1)?.name !== "signature") return undefined;
  const header = atob(jws.split(".", 1)[0]!.replaceAll("-", "+").replaceAll("_", "/"));
  const algorithm = JSON.parse(header).alg === "ES256" ? "ES256" : "Ed25519";
  return (await canVerify(algorithm)) ? undefined : algorithm;
}

function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!isPrivacyError(error)) throw error;
    return undefined;
  }
}
