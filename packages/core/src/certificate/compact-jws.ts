import { decodeBase64Url } from "../bytes/base64url.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";
import type { JsonObject, JsonValue } from "../json/json-value.ts";
import type { Checklist } from "./checklist.ts";
import type { SignatureAlgorithm } from "./signing-key.ts";
import { isStatementType, MAX_STATEMENT_LENGTH, type StatementType } from "./statement-type.ts";
import { isCanonicalJson, parseStrictJson } from "./strict-json.ts";

/** A JWS taken apart. Nothing of it is believed yet. */
export interface CompactJws {
  readonly header: StatementHeader;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

export interface StatementHeader {
  readonly alg: SignatureAlgorithm;
  readonly kid: string;
  readonly typ: StatementType;
}

const EMBEDDED_KEY_MEMBERS = ["jwk", "jku", "x5c", "x5u"];

/** Takes a compact JWS apart, in the one encoding our signer makes. Undefined when a check fails. */
export function readCompactJws(list: Checklist, jws: string): CompactJws | undefined {
  if (!list.holds("size", jws.length <= MAX_STATEMENT_LENGTH)) return undefined;
  const [protectedHeader, payload, signature, ...more] = jws.split(".", 4);
  if (!list.holds("three-parts", signature !== undefined && more.length === 0)) return undefined;
  const parts = list.reads("base64url", () => ({
    header: decodeBase64Url(protectedHeader!),
    payload: decodeBase64Url(payload!),
    signature: decodeBase64Url(signature!),
  }));
  const header = parts && readHeader(list, parts.header);
  return header && { ...parts, header };
}

function readHeader(list: Checklist, bytes: Uint8Array): StatementHeader | undefined {
  const header = list.reads("header-json", () => {
    const text = decodeUtf8(bytes);
    return { text, json: object(parseStrictJson(text)) };
  });
  if (header === undefined) return undefined;
  const { json, text } = header;
  const { alg, kid, typ } = json;
  const accepted =
    list.holds(
      "no-critical-extension",
      !Object.hasOwn(json, "crit") && !Object.hasOwn(json, "b64"),
    ) &&
    // A key from inside the file proves nothing: whoever forged the file chose it.
    list.holds(
      "no-embedded-key",
      !EMBEDDED_KEY_MEMBERS.some((member) => Object.hasOwn(json, member)),
    ) &&
    list.holds("header-members", Object.keys(json).sort().join() === "alg,kid,typ") &&
    list.holds("header-canonical", isCanonicalJson(text, json));
  if (!accepted) return undefined;
  if (!list.holds("algorithm", alg === "ES256" || alg === "EdDSA")) return undefined;
  if (!list.holds("type", isStatementType(typ))) return undefined;
  return { alg, kid, typ } as StatementHeader;
}

function object(value: JsonValue): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError("not an object");
  return value as JsonObject;
}
