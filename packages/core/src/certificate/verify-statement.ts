import { compactVerify, importJWK } from "jose";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import type { ConsentReceipt } from "../consent/consent-receipt.ts";
import { parseConsentReceipt } from "../consent/parse-consent-receipt.ts";
import { PrivacyError } from "../errors/privacy-error.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import { certificateLogEntry } from "./certificate-log-entry.ts";
import { type Check, type Checklist, createChecklist } from "./checklist.ts";
import { deriveClaim } from "./claim.ts";
import { type CompactJws, readCompactJws } from "./compact-jws.ts";
import type { DeletionCertificate } from "./deletion-certificate.ts";
import { isLowS } from "./low-s.ts";
import { parseDeletionCertificate } from "./parse-deletion-certificate.ts";
import { parseKeySet } from "./parse-key-set.ts";
import { deriveResiduals } from "./residual.ts";
import { type KeySet, keyAlgorithm, type PublicKeyMembers } from "./signing-key.ts";
import type { StatementType } from "./statement-type.ts";
import { isCanonicalJson, parseStrictJson } from "./strict-json.ts";
import { selectVerificationKey } from "./verification-key.ts";
import {
  checkLogProof,
  type LoggedAt,
  type LoggedEntry,
  type LogProofOptions,
} from "./verify-log-proof.ts";

/** What a statement of each type says. A type without an entry is not known to this version, and never valid. */
export interface StatementClaims {
  readonly "deletion-certificate+jwt": DeletionCertificate;
  readonly "consent-receipt+jwt": ConsentReceipt;
}

type KnownType = keyof StatementClaims;

export interface VerifyOptions {
  /** The issuer's keys, fetched by the verifier. A key inside the statement is never used. */
  readonly keys: KeySet;
  /** RFC 7638 thumbprint of the one key to trust (none: every key of the set, on the caller's word). */
  readonly trust?: string;
  /** Time of the verification, epoch milliseconds. */
  readonly now: number;
  /** The type expected (any known type). */
  readonly typ?: StatementType;
  /** The log proof that came with the statement (none: whether it was logged is not looked at). */
  readonly proof?: LogProofOptions;
}

/** The outcome of a verification. */
export type StatementVerification<Type extends KnownType = KnownType> =
  | { readonly [Known in Type]: ValidStatement<Known> }[Type]
  | InvalidStatement;

interface VerificationReport {
  /** `pinned`: the thumbprint given decided; `caller`: the keys were trusted because the caller brought them. */
  readonly trust: "pinned" | "caller";
  /** What was checked, in order; ends with the first check that failed. */
  readonly checks: readonly Check[];
}

export interface ValidStatement<Type extends KnownType> extends VerificationReport {
  readonly verdict: "valid";
  readonly type: Type;
  readonly claims: StatementClaims[Type];
  /** Where the log holds it, when a proof was given. */
  readonly logged?: LoggedAt;
}

export interface InvalidStatement extends VerificationReport {
  readonly verdict: "invalid";
  /** What the header says, if that much could be read. */
  readonly type: StatementType | "unknown";
  readonly claims?: undefined;
}

/** How far an issuer's clock may be ahead of the verifier's. */
const CLOCK_SKEW_MS = 5 * 60_000;

const PARSERS: { readonly [Type in KnownType]: (input: unknown) => StatementClaims[Type] } = {
  "deletion-certificate+jwt": parseDeletionCertificate,
  "consent-receipt+jwt": parseConsentReceipt,
};

/**
 * Verifies a signed statement with nothing but the statement, the issuer's keys and the time. A failed proof is a
 * value; what the statement says is returned only when every check held.
 *
 * Stricter than RFC 7515: one encoding only, so that no two texts carry the same signature.
 *
 * @throws PrivacyError `ERR_CERTIFICATE_MALFORMED` when the text is nothing like a compact JWS, `ERR_INPUT_INVALID`
 *   when the keys are no JWK set.
 * @see RFC 7515 §5.2, RFC 8725 §3
 */
export async function verifyStatement(
  jws: string,
  options: VerifyOptions,
): Promise<StatementVerification> {
  requireJwsCharacters(jws);
  const keys = parseKeySet(options.keys);
  const list = createChecklist();
  const report: VerificationReport = {
    trust: options.trust === undefined ? "caller" : "pinned",
    checks: list.checks,
  };
  const compact = readCompactJws(list, jws);
  if (compact === undefined) return { verdict: "invalid", type: "unknown", ...report };
  const { header } = compact;
  const expected = list.holds(
    "type-expected",
    isKnown(header.typ) && header.typ === (options.typ ?? header.typ),
  );
  const key = expected ? await selectVerificationKey(list, header, keys, options.trust) : undefined;
  const genuine = key !== undefined && (await isSignedBy(list, jws, compact, key));
  const claims = genuine ? readClaims(list, compact, options.now) : undefined;
  if (claims === undefined) return { verdict: "invalid", type: header.typ, ...report };
  const valid = { verdict: "valid", type: header.typ, claims, ...report } as StatementVerification;
  if (options.proof === undefined) return valid;
  const logged = await checkLogProof(list, leafOf(claims, jws), keys, options.proof);
  return logged === undefined
    ? { verdict: "invalid", type: header.typ, ...report }
    : ({ ...valid, logged } as StatementVerification);
}

/**
 * Verifies a deletion certificate; a statement of another type is not valid.
 *
 * @throws As {@link verifyStatement}.
 */
export async function verifyCertificate(
  jws: string,
  options: Omit<VerifyOptions, "typ">,
): Promise<StatementVerification<"deletion-certificate+jwt">> {
  const verification = await verifyStatement(jws, { ...options, typ: "deletion-certificate+jwt" });
  return verification as StatementVerification<"deletion-certificate+jwt">;
}

/** What the log's leaf commits to: a receipt names its digest, a certificate's entry is made anew with the blinding. */
function leafOf(claims: StatementClaims[KnownType], jws: string): LoggedEntry {
  return claims.type === "consent-receipt"
    ? { digest: claims.leafDigest }
    : { body: encodeUtf8(canonicalJson(certificateLogEntry(jws))) };
}

/** Anything made of the characters of a JWS, or of its usual corruptions, is worth a verdict. */
function requireJwsCharacters(text: unknown): asserts text is string {
  if (typeof text !== "string" || !text.includes(".") || !/^[\w\-.+/=\s]+$/.test(text)) {
    throw new PrivacyError("ERR_CERTIFICATE_MALFORMED");
  }
}

function isKnown(type: StatementType): type is KnownType {
  return Object.hasOwn(PARSERS, type);
}

async function isSignedBy(
  list: Checklist,
  jws: string,
  { signature }: CompactJws,
  key: PublicKeyMembers,
): Promise<boolean> {
  const alg = keyAlgorithm(key);
  if (alg === "ES256" && !list.holds("low-s", isLowS(signature))) return false;
  const verified = await importJWK({ ...key }, alg)
    .then((imported) => compactVerify(jws, imported, { algorithms: [alg] }))
    .then(
      () => true,
      () => false,
    );
  return list.holds("signature", verified);
}

function readClaims(
  list: Checklist,
  { header, payload }: CompactJws,
  now: number,
): StatementClaims[KnownType] | undefined {
  const read = list.reads("payload-json", () => {
    const text = decodeUtf8(payload);
    return { text, json: parseStrictJson(text) };
  });
  if (read === undefined || !list.holds("payload-canonical", isCanonicalJson(read.text, read.json)))
    return undefined;
  const { typ, kid } = header;
  const claims = isKnown(typ) ? list.reads("form", () => PARSERS[typ](read.json)) : undefined;
  const accepted =
    claims !== undefined &&
    list.holds("issuer-key", claims.issuer.keyThumbprint === kid) &&
    (claims.type !== "deletion-certificate" || isHonest(list, claims)) &&
    list.holds("issued-at", Date.parse(claims.issuedAt) <= now + CLOCK_SKEW_MS);
  return accepted ? claims : undefined;
}

/** Whether a certificate claims what its own observations allow to say, and no more. */
function isHonest(list: Checklist, certificate: DeletionCertificate): boolean {
  const { scopes, backups, processors, claim, completesAt, residuals } = certificate;
  const at = Date.parse(certificate.issuedAt);
  const derived = deriveClaim(scopes, at, { backups, processors });
  return (
    list.holds("claim", claim === derived.claim && completesAt === derived.completesAt) &&
    list.holds(
      "residuals",
      canonicalJson(residuals) === canonicalJson(deriveResiduals(scopes, backups, at)),
    )
  );
}
