import { PrivacyError } from "@miniprivacy/core/errors";
import { TIMED_OUT, within } from "../within.ts";
import {
  decryptOpenData,
  type OpenDataOptions,
  type OpenDataResult,
  verifyRawData,
} from "./open-data.ts";
import {
  exchangePhoneCode,
  type InterfaceAccess,
  type PhoneCodeProof,
  type PhoneCodeResult,
} from "./phone-code.ts";
import { createSpentCodes } from "./spent-codes.ts";
import { createWeixinCall, weixinFault } from "./weixin-call.ts";
import { code2session, type WeixinSignIn } from "./weixin-session.ts";

export interface WeixinOptions {
  readonly appId: string;
  /** Kept to itself: it is in nothing that is thrown, returned or printed. */
  readonly appSecret: string;
  /** The app's access token. The host's, for an app has only one at a time, shared by all its servers. */
  readonly accessToken: () => Promise<string>;
  /** (`https://api.weixin.qq.com`) Encrypted, or on this machine. */
  readonly endpoint?: string;
  /** (the global one) */
  readonly fetch?: typeof fetch;
  /** How long Weixin may take for an answer, and `accessToken` for a token, milliseconds (5000). */
  readonly timeoutMs?: number;
  /** Epoch milliseconds (the system's clock). */
  readonly clock?: () => number;
}

/** The server's half of a Weixin mini-program. */
export interface Weixin<Purpose extends string = string> {
  /**
   * Exchanges the code of Weixin's phone button for the number, when the person who sent it has consented to a purpose
   * that needs it. Records the decision her request carries, decides the purpose's access to those of its categories
   * that declare `weixinPrivacyKey: "PhoneNumber"`, and calls Weixin only when that is permitted.
   *
   * A code is spent once it has gone out, also where the answer was lost or an error: the button gives another. A number
   * whose watermark is refused is dropped unread: it must name this app and a moment no longer ago than a code lives,
   * five minutes, with one minute for clocks that differ on either side.
   *
   * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when there is no token, no answer in time, or none that is expected.
   */
  exchangePhoneCode(code: string, proof: PhoneCodeProof<Purpose>): Promise<PhoneCodeResult>;
  /**
   * Signs a person in with the code of `wx.login`. The session key never leaves the server: it is readable, and left
   * out when the result is printed, copied or turned into JSON.
   *
   * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when there is no answer in time, or none that is expected.
   */
  code2session(jsCode: string): Promise<WeixinSignIn>;
  /** Whether Weixin signed this profile, byte for byte as the client got it, for who holds the session key. */
  verifyRawData(rawData: string, signature: string, sessionKey: string): boolean;
  /**
   * Opens what Weixin encrypted for a person of this app. It decides nothing about access: read by purpose what comes
   * out. Whatever is wrong with it, padding, age, or another app's watermark, the answer is the same.
   *
   * @throws RangeError for an age limit that is none.
   */
  decryptOpenData(
    encryptedData: string,
    iv: string,
    sessionKey: string,
    options?: OpenDataOptions,
  ): OpenDataResult;
}

/**
 * Opens the server's half of a Weixin mini-program over a deployment. Holds no connection; spent codes are remembered
 * for five minutes, in this process.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID`
 */
export function createWeixin<Purpose extends string>(
  privacy: InterfaceAccess<Purpose>,
  options: WeixinOptions,
): Weixin<Purpose> {
  const { appId, appSecret, accessToken, clock: now = Date.now } = options;
  const { endpoint = "https://api.weixin.qq.com", fetch = globalThis.fetch } = options;
  const { timeoutMs = 5000 } = options;
  requireSettings({ appId, appSecret, timeoutMs });
  const call = createWeixinCall({ endpoint, fetch, timeoutMs });
  const token = () => tokenWithin(timeoutMs, accessToken);
  const phone = { privacy, appId, token, call, spent: createSpentCodes(now), now };
  return {
    exchangePhoneCode: (code, proof) => exchangePhoneCode(phone, code, proof),
    code2session: (jsCode) => code2session({ appId, appSecret, call }, jsCode),
    verifyRawData,
    decryptOpenData: (encryptedData, iv, sessionKey, limits) =>
      decryptOpenData({ appId, now }, { encryptedData, iv, sessionKey }, limits),
  };
}

function requireSettings({
  appId,
  appSecret,
  timeoutMs,
}: Required<Pick<WeixinOptions, "appId" | "appSecret" | "timeoutMs">>): void {
  for (const [name, value] of Object.entries({ appId, appSecret }))
    if (typeof value !== "string" || value === "")
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `weixin ${name}` });
  if (!Number.isInteger(timeoutMs) || timeoutMs <= 0 || timeoutMs > LONGEST_TIMER_MS)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "weixin timeoutMs" });
}

/** A timer of Node's set for longer fires at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** What the host throws may quote the address it asked, and the secret in it. */
async function tokenWithin(ms: number, accessToken: () => Promise<string>): Promise<string> {
  const asked = Promise.resolve().then(accessToken);
  const token: unknown = await within(ms, asked).catch(() => undefined);
  if (token === TIMED_OUT || typeof token !== "string" || token === "")
    throw weixinFault("no access token");
  return token;
}
