import { isWeixinCode, type WeixinCall, weixinFault } from "./weixin-call.ts";

/** A person signed in with Weixin. */
export interface WeixinSession {
  readonly signedIn: true;
  /** Weixin's name for her in this app: personal data, and no secret. */
  readonly openid: string;
  /** Her name in all apps of the account, where this app is bound to one. */
  readonly unionid?: string;
  /**
   * The key to what Weixin encrypts and signs for her. It never leaves the server, so it is there to be read and left
   * out wherever the session is printed, copied or turned into JSON. A newer sign-in may end it.
   */
  readonly sessionKey: string;
}

/** Why nobody is signed in. */
export type SignInRefusal =
  /** Weixin does not take the code: none of this app's, used before, or older than five minutes. */
  | "code-invalid"
  /** Weixin holds the person for a risk and lets her into no mini-program. */
  | "blocked"
  /** Too many sign-ins: the next minute takes more. */
  | "rate-limited";

export type WeixinSignIn =
  | WeixinSession
  | { readonly signedIn: false; readonly reason: SignInRefusal };

/** What signing in stands on. */
export interface SignInParts {
  readonly appId: string;
  readonly appSecret: string;
  readonly call: WeixinCall;
}

export async function code2session(
  { appId, appSecret, call }: SignInParts,
  jsCode: string,
): Promise<WeixinSignIn> {
  if (!isWeixinCode(jsCode)) return { signedIn: false, reason: "code-invalid" };
  const { errcode, content } = await call({
    path: "/sns/jscode2session",
    query: {
      appid: appId,
      secret: appSecret,
      js_code: jsCode,
      grant_type: "authorization_code",
    },
  });
  if (errcode !== 0) return { signedIn: false, reason: refusalOf(errcode) };
  const { openid, unionid, session_key: sessionKey } = content;
  if (!isName(openid) || !isName(sessionKey) || (unionid !== undefined && !isName(unionid)))
    throw weixinFault("broken answer");
  const session = { signedIn: true, openid, ...(unionid !== undefined && { unionid }) } as const;
  return withHiddenKey(session, sessionKey);
}

/** Not enumerable, so that no logger, copy or answer takes it along; a getter, so that no inspection shows it. */
function withHiddenKey(session: Omit<WeixinSession, "sessionKey">, key: string): WeixinSession {
  return Object.defineProperty(session, "sessionKey", { get: () => key }) as WeixinSession;
}

function refusalOf(errcode: number): SignInRefusal {
  switch (errcode) {
    case 40029:
    case 40163:
      return "code-invalid";
    case 40226:
      return "blocked";
    case 45011:
      return "rate-limited";
    default:
      throw weixinFault(`errcode ${errcode}`);
  }
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[!-~]{1,256}$/.test(value);
}
