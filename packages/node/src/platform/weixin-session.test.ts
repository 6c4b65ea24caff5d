import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepTestDatabase } from "../database/database.fixture.ts";
import { OPENID, SESSION_KEY } from "./weixin-server.fixture.ts";
import { APP_ID, APP_SECRET, openWeixinShop, type WeixinShop } from "./weixin-shop.fixture.ts";

const openDatabase = keepTestDatabase();
let on: WeixinShop;
beforeAll(async () => {
  on = await openWeixinShop(await openDatabase());
});
afterAll(() => on.close());

describe("code2session", () => {
  it("signs in, with the unionid where there is one", async () => {
    const code = on.server.loginCode();
    const signedIn = await on.weixin.code2session(code);
    expect(signedIn).toEqual({ signedIn: true, openid: OPENID });
    expect(signedIn.signedIn && signedIn.sessionKey).toBe(SESSION_KEY);
    expect(on.server.requests.at(-1)).toEqual({
      method: "GET",
      path: "/sns/jscode2session",
      query: {
        appid: APP_ID,
        secret: APP_SECRET,
        js_code: code,
        grant_type: "authorization_code",
      },
      contentType: undefined,
      body: "",
    });
    expect(await on.weixin.code2session(on.server.loginCode({ unionid: "oUnion" }))).toEqual({
      signedIn: true,
      openid: OPENID,
      unionid: "oUnion",
    });
  });

  it("keeps the session key out of whatever the session is made into", async () => {
    const session = await on.weixin.code2session(on.server.loginCode());
    for (const shown of [
      JSON.stringify(session),
      inspect(session),
      inspect(session, { showHidden: true, depth: null }),
      JSON.stringify({ ...session }),
      JSON.stringify(structuredClone(session)),
      JSON.stringify(Object.entries(session)),
    ])
      expect(shown).not.toContain(SESSION_KEY);
  });

  it("says why nobody is signed in", async () => {
    const used = on.server.loginCode();
    await on.weixin.code2session(used);
    const old = on.server.loginCode();
    on.shop.pass(300_000);
    for (const code of [used, old, on.server.phoneCode(), "unknown", "", "a b", 1 as never])
      expect(await on.weixin.code2session(code)).toEqual({
        signedIn: false,
        reason: "code-invalid",
      });
    for (const [errcode, reason] of [
      [40163, "code-invalid"],
      [40226, "blocked"],
      [45011, "rate-limited"],
    ] as const) {
      on.server.next({ text: JSON.stringify({ errcode, errmsg: "x" }) });
      expect(await on.weixin.code2session(on.server.loginCode())).toEqual({
        signedIn: false,
        reason,
      });
    }
  });

  it("throws for a wrong secret, and tells the host which errcode it was", async () => {
    const weixin = on.open({ appSecret: "wrong" });
    await expect(weixin.code2session(on.server.loginCode())).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: "A store did not answer. (weixin: errcode 40125)",
    });
  });

  it.each([
    {},
    { openid: OPENID },
    { session_key: SESSION_KEY },
    { openid: "", session_key: SESSION_KEY },
    { openid: 1, session_key: SESSION_KEY },
    { openid: OPENID, session_key: "" },
    { openid: OPENID, session_key: SESSION_KEY, unionid: 1 },
  ])("takes no answer that lacks something: %j", async (answer) => {
    on.server.next({ text: JSON.stringify(answer) });
    await expect(on.weixin.code2session(on.server.loginCode())).rejects.toMatchObject({
      message: expect.stringContaining("broken answer") as string,
    });
  });
});
