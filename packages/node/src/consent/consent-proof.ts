import type { ConsentDecision } from "./consent-decision.ts";
import { decisionsShape } from "../http/wire.ts";

/** Header in which a request of the host's own brings decisions along, so that it cannot overtake them. */
export const PROOF_HEADER = "x-privacy-proof";
export const DEVICE_HEADER = "x-privacy-device";
/** Global Privacy Control. */
export const OPT_OUT_HEADER = "sec-gpc";

/** Headers as a web `Request` or node:http has them. */
export type HeaderSource =
  | Pick<Headers, "get">
  | { readonly [name: string]: string | readonly string[] | undefined };

const MAX_PROOF_LENGTH = 16_384;

/** A header of a request; undefined when it is missing or was sent several times. */
export function headerOf(headers: HeaderSource, name: string): string | undefined {
  if (typeof headers.get === "function") return headers.get(name) ?? undefined;
  const value = (headers as { readonly [name: string]: unknown })[name];
  return typeof value === "string" ? value : undefined;
}

/** Whether the browser says that this person objects to marketing and sharing. @see https://www.w3.org/TR/gpc/ */
export function statesOptOut(headers: HeaderSource): boolean {
  return headerOf(headers, OPT_OUT_HEADER) === "1";
}

/** 16 bytes in base64url, in the one spelling they have. */
export function isDeviceSecret(text: string): boolean {
  return /^[\w-]{21}[AQgw]$/.test(text);
}

/** The decisions a proof carries, as they are posted to /consents; undefined for what is no proof. */
export function parseConsentProof(header: string): readonly ConsentDecision[] | undefined {
  if (header.length > MAX_PROOF_LENGTH) return undefined;
  try {
    const text = Buffer.from(header, "base64url").toString("utf8");
    const result = decisionsShape.safeParse(JSON.parse(text));
    return result.success ? result.data.decisions : undefined;
  } catch {
    return undefined;
  }
}
