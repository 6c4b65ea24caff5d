import { createWeixin, type HeaderSource, type Weixin } from "@miniprivacy/node";
import type { ShopPrivacy } from "./open-privacy.ts";

/** `accessToken` is yours: an app has one at a time, which all its servers share. */
export function openWeixin(privacy: ShopPrivacy, accessToken: () => Promise<string>) {
  const { WEIXIN_APP_ID = "", WEIXIN_APP_SECRET = "" } = process.env;
  return createWeixin(privacy, {
    appId: WEIXIN_APP_ID,
    appSecret: WEIXIN_APP_SECRET,
    accessToken,
  });
}

export type ShopWeixin = ReturnType<typeof openWeixin>;

/** `code` and `headers` come with one request: the button's, and `answer.headers` of the client. */
export async function takePhone(
  weixin: ShopWeixin,
  memberId: string,
  code: string,
  headers: HeaderSource,
) {
  const proof = { subjectId: memberId, purpose: "delivery", headers } as const;
  const result = await weixin.exchangePhoneCode(code, proof);
  return result.exchanged ? result.phone.purePhoneNumber : result.reason; // e.g. "consent-missing"
}

/** For the session you keep: the key opens what Weixin encrypts for her, and stays on the server. */
export async function signIn(weixin: Weixin, jsCode: string) {
  const result = await weixin.code2session(jsCode);
  if (!result.signedIn) return result.reason; // e.g. "code-invalid"
  return { openid: result.openid, sessionKey: result.sessionKey };
}
