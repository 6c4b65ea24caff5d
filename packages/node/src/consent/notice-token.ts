import { timingSafeEqual } from "node:crypto";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Language } from "@miniprivacy/core/policy";
import { keyedDigest } from "../key/keys.ts";

/** What a served notice binds: for whom, which purposes as they stood, in which words, until when. */
export interface NoticeClaims {
  readonly tenant: string;
  /** The person's ref, or the name of a device. */
  readonly subject: string;
  readonly purposes: {
    readonly [purpose: string]: { readonly digest: string; readonly asOf: number };
  };
  readonly language: Language;
  /** What the client said would show it. */
  readonly surface?: string;
  readonly textDigest: string;
  /** Epoch milliseconds. */
  readonly servedAt: number;
  readonly submitUntil: number;
}

const MAX_TOKEN_LENGTH = 8192;

/**
 * Writes the claims with a MAC only this deployment can make.
 *
 * @throws PrivacyError `ERR_INPUT_TOO_LARGE` for more purposes than a token holds: some fifty.
 */
export function sealNotice(macKey: Uint8Array, claims: NoticeClaims): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const token = `${payload}.${noticeMac(macKey, payload).toString("base64url")}`;
  if (token.length > MAX_TOKEN_LENGTH) throw new PrivacyError("ERR_INPUT_TOO_LARGE");
  return token;
}

/** Reads a token of ours, or undefined for anything else. */
export function openNotice(macKey: Uint8Array, token: string): NoticeClaims | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const [payload, mac, ...rest] = token.split(".");
  if (payload === undefined || mac === undefined || rest.length > 0) return undefined;
  const given = Buffer.from(mac, "base64url");
  const expected = noticeMac(macKey, payload);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as NoticeClaims;
}

function noticeMac(macKey: Uint8Array, payload: string): Buffer {
  return keyedDigest(macKey, "notice", payload);
}
