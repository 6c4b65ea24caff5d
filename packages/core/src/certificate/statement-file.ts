import { PrivacyError } from "../errors/privacy-error.ts";
import { parseStrictJson } from "./strict-json.ts";

/** What a file or a paste carries. */
export interface StatementFile {
  /** The compact JWS, not looked at yet. */
  readonly jws: string;
  /** The log proof that stands beside it. */
  readonly proof?: string;
}

/**
 * Reads a compact JWS, or JSON `{ certificate, proof? }` as the endpoint answers it.
 *
 * @throws PrivacyError `ERR_CERTIFICATE_MALFORMED`, `ERR_INPUT_INVALID` when it is JSON of another shape.
 */
export function parseStatementFile(text: string): StatementFile {
  if (!text.trimStart().startsWith("{")) return { jws: text.replace(/\r?\n$/, "") };
  const { certificate, proof, ...others } = parseStrictJson(text) as {
    readonly [name: string]: unknown;
  };
  const known = typeof certificate === "string" && Object.keys(others).length === 0;
  if (!known || (proof !== undefined && typeof proof !== "string"))
    throw new PrivacyError("ERR_CERTIFICATE_MALFORMED");
  return { jws: certificate, ...(proof !== undefined && { proof }) };
}
