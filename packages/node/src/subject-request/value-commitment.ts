import { randomBytes } from "node:crypto";
import { lengthPrefixed } from "@miniprivacy/core";
import { sha256 } from "../log/sha256.ts";
import { valueForm } from "./value-form.ts";

/** Commits to a value without telling it: only who is given the salt can try values against the digest. */
export interface ValueCommitment {
  /** SHA-256 over salt and canonical JSON, each length-prefixed; hex. */
  readonly digest: string;
  /** 16 random bytes, base64url. */
  readonly salt: string;
}

const SALT_BYTES = 16;

/** @returns Null for what no JSON can carry. */
export function commitToValue(value: unknown): ValueCommitment | null {
  const form = valueForm(value);
  if (form === undefined) return null;
  const salt = randomBytes(SALT_BYTES);
  const digest = Buffer.from(sha256(lengthPrefixed(salt, Buffer.from(form)))).toString("hex");
  return { digest, salt: salt.toString("base64url") };
}
