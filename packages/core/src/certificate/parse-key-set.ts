import * as z from "zod/mini";
import { PrivacyError } from "../errors/privacy-error.ts";
import type { KeySet } from "./signing-key.ts";

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

/**
 * Reads a JWK set. Says nothing of the single keys: a set may hold keys of others, and verification looks at the one
 * it uses.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` when it is no JWK set.
 * @see RFC 7517 §5
 */
export function parseKeySet(input: unknown): KeySet {
  const result = keySet.safeParse(input);
  if (!result.success) throw new PrivacyError("ERR_INPUT_INVALID", { detail: "not a JWK set" });
  return result.data as unknown as KeySet;
}
