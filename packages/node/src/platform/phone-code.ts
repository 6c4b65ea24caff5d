import type { AccessDecision, AccessDenialReason } from "@miniprivacy/core";
import type { WeixinPrivacyKey } from "@miniprivacy/core/policy";
import type { SubjectAccessOptions } from "../access/access-service.ts";
import type { HeaderSource } from "../consent/consent-proof.ts";
import { CODE_LIFE_MS, type SpentCodes } from "./spent-codes.ts";
import { isOwnWatermark } from "./watermark.ts";
import { isWeixinCode, type WeixinCall, weixinFault } from "./weixin-call.ts";

/** Whose number a code is exchanged for, what for, and what shows that she agreed. */
export interface PhoneCodeProof<Purpose extends string = string> {
  /** The host's id of the person who is signed in and sent the code. */
  readonly subjectId: string;
  readonly purpose: Purpose;
  /** Those of the request that brought the code: the decision they carry is recorded before anything is decided. */
  readonly headers: HeaderSource;
  /** (`''`) */
  readonly tenant?: string;
}

/** A phone number as Weixin states it. */
export interface WeixinPhone {
  /** With the country code where it is a foreign one. */
  readonly phoneNumber: string;
  readonly purePhoneNumber: string;
  /** Digits, e.g. `86`. */
  readonly countryCode: string;
}

/** Why there is no number: what access denies for, or what became of the code. */
export type PhoneCodeRefusal =
  | AccessDenialReason
  /** This process has sent it before. */
  | "code-used"
  /** Weixin does not take it: none of this app's, used before, or older than five minutes. */
  | "code-invalid"
  /** The app has no more phone numbers to its account. */
  | "quota"
  /** What came back was made for another app, or is not of the last five minutes. */
  | "watermark";

export type PhoneCodeResult =
  | { readonly exchanged: true; readonly phone: WeixinPhone }
  | { readonly exchanged: false; readonly reason: PhoneCodeRefusal };

/** The one question an exchange has for a deployment. */
export interface InterfaceAccess<Purpose extends string> {
  readonly access: {
    decideInterface(
      subjectId: string,
      purpose: Purpose,
      key: WeixinPrivacyKey,
      options?: SubjectAccessOptions,
    ): Promise<AccessDecision>;
  };
}

/** What an exchange stands on. */
export interface PhoneCodeParts<Purpose extends string> {
  readonly privacy: InterfaceAccess<Purpose>;
  readonly appId: string;
  readonly token: () => Promise<string>;
  readonly call: WeixinCall;
  readonly spent: SpentCodes;
  readonly now: () => number;
}

/** What the access log calls these reads. */
const CALLER = "weixin-phone";

export async function exchangePhoneCode<Purpose extends string>(
  { privacy, appId, token, call, spent, now }: PhoneCodeParts<Purpose>,
  code: string,
  { subjectId, purpose, headers, tenant }: PhoneCodeProof<Purpose>,
): Promise<PhoneCodeResult> {
  const decision = await privacy.access.decideInterface(subjectId, purpose, "PhoneNumber", {
    headers,
    caller: CALLER,
    ...(tenant !== undefined && { tenant }),
  });
  // Requirement WX-4.4.3, WX-4.4.4a: without consent to a purpose that needs the number it is not even asked for.
  if (!decision.permitted) return refused(decision.reason);
  if (!isWeixinCode(code)) return refused("code-invalid");
  const access_token = await token();
  // No step may lie between this and the call: what was not sent is not spent.
  if (!spent.spend(code)) return refused("code-used");
  const { errcode, content } = await call({
    path: "/wxa/business/getuserphonenumber",
    query: { access_token },
    body: { code },
  });
  if (errcode !== 0) return refused(refusalOf(errcode));
  const { watermark, ...phone } = phoneInfo(content["phone_info"]);
  const isOwn = isOwnWatermark(watermark, { appId, now: now(), maxAgeMs: CODE_LIFE_MS });
  return isOwn ? { exchanged: true, phone } : refused("watermark");
}

function refused(reason: PhoneCodeRefusal): PhoneCodeResult {
  return { exchanged: false, reason };
}

function refusalOf(errcode: number): PhoneCodeRefusal {
  switch (errcode) {
    case 40029:
    case 40163:
      return "code-invalid";
    case 1400001:
      return "quota";
    default:
      throw weixinFault(`errcode ${errcode}`);
  }
}

function phoneInfo(info: unknown): WeixinPhone & { readonly watermark: unknown } {
  const { phoneNumber, purePhoneNumber, countryCode, watermark } = (info ?? {}) as {
    readonly [name: string]: unknown;
  };
  // The documentation's table says that it is a string, its example has a number.
  const country = typeof countryCode === "number" ? String(countryCode) : countryCode;
  if (![phoneNumber, purePhoneNumber, country].every(isNumber)) throw weixinFault("broken answer");
  return {
    phoneNumber: phoneNumber as string,
    purePhoneNumber: purePhoneNumber as string,
    countryCode: country as string,
    watermark,
  };
}

function isNumber(value: unknown): boolean {
  return typeof value === "string" && /^\+?[\d -]{1,32}$/.test(value);
}
