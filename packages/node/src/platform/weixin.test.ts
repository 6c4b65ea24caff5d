import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepTestDatabase } from "../database/database.fixture.ts";
import { createWeixin } from "./weixin.ts";
import { PHONE, SESSION_KEY } from "./weixin-server.fixture.ts";
import {
  ACCESS_TOKEN,
  APP_ID,
  APP_SECRET,
  openWeixinShop,
  type WeixinShop,
} from "./weixin-shop.fixture.ts";
import { SEALED_PROFILE, SIGNED_PROFILE } from "./weixin-vectors.fixture.ts";

const openDatabase = keepTestDatabase();
let on: WeixinShop;
beforeAll(async () => {
  on = await openWeixinShop(await openDatabase());
});
afterAll(() => on.close());

const everyWay = (value: unknown): string =>
  [
    String(value),
    JSON.stringify(value),
    inspect(value, { showHidden: true, depth: null }),
    ...(value instanceof Error ? [value.message, value.stack, inspect(value.cause)] : []),
  ].join("\n");

describe("createWeixin", () => {
  it("refuses settings that cannot work", () => {
    for (const change of [
      { appId: "" },
      { appSecret: "" },
      { appSecret: undefined as never },
      { timeoutMs: 0 },
      { timeoutMs: Number.NaN },
      { timeoutMs: 2 ** 31 },
      { endpoint: "http://api.weixin.qq.com" },
    ])
      expect(() => on.open(change)).toThrow(
        expect.objectContaining({ code: "ERR_CONFIG_INVALID" }),
      );
  });

  it("opens data and checks signatures for its app, by its clock", () => {
    const { encryptedData, iv, sessionKey, timestamp, appId } = SEALED_PROFILE;
    const at = (ms: number) => on.open({ appId, clock: () => timestamp * 1000 + ms });
    expect(at(0).decryptOpenData(encryptedData, iv, sessionKey)).toMatchObject({ opened: true });
    expect(at(3_600_000).decryptOpenData(encryptedData, iv, sessionKey).opened).toBe(false);
    const limits = { maxAgeMs: 3_600_000 };
    expect(at(3_600_000).decryptOpenData(encryptedData, iv, sessionKey, limits).opened).toBe(true);
    const { rawData, signature, sessionKey: key } = SIGNED_PROFILE;
    expect(on.weixin.verifyRawData(rawData, signature, key)).toBe(true);
  });

  it("asks api.weixin.qq.com, with the host's fetch", async () => {
    const asked: string[] = [];
    const weixin = createWeixin(on.shop.privacy, {
      appId: APP_ID,
      appSecret: APP_SECRET,
      accessToken: async () => ACCESS_TOKEN,
      fetch: async (url) => {
        asked.push(new URL(url).origin);
        return Response.json({ errcode: 40226 });
      },
    });
    expect(await weixin.code2session("code")).toEqual({ signedIn: false, reason: "blocked" });
    expect(asked).toEqual(["https://api.weixin.qq.com"]);
  });

  it("serves nothing of a deployment that is suspended", async () => {
    const suspended = { access: { decideInterface: () => Promise.reject(new Error("behind")) } };
    const weixin = createWeixin(suspended, {
      appId: APP_ID,
      appSecret: APP_SECRET,
      accessToken: async () => ACCESS_TOKEN,
      endpoint: on.server.endpoint,
    });
    const before = on.server.requests.length;
    const proof = { subjectId: "lin", purpose: "delivery", headers: {} };
    await expect(weixin.exchangePhoneCode("code", proof)).rejects.toThrow("behind");
    expect(on.server.requests).toHaveLength(before);
  });
});

describe("what Weixin is told and tells", () => {
  it("is in no error, no log line, and nothing that is printed", async () => {
    await on.shop.give("lin", "delivery");
    const proof = { subjectId: "lin", purpose: "delivery", headers: {} } as const;
    const codes: string[] = [];
    const shown: unknown[] = [on.weixin, on.open({ appSecret: APP_SECRET })];
    const throwing = on.open({
      accessToken: () => Promise.reject(new Error(`GET /token?secret=${APP_SECRET}`)),
    });
    const unreachable = on.open({ endpoint: "http://127.0.0.1:1" });
    const hasty = on.open({ timeoutMs: 30 });
    const wrong = on.open({ accessToken: async () => `${ACCESS_TOKEN}-expired` });
    const quoting = on.open({
      fetch: (url, init) =>
        Promise.reject(new Error(`cannot reach ${url as string} with ${init?.body as string}`)),
    });
    const echo = JSON.stringify({ phoneNumber: PHONE, session_key: SESSION_KEY, s: APP_SECRET });
    for (const [weixin, mishap] of [
      [throwing, undefined],
      [unreachable, undefined],
      [quoting, undefined],
      [wrong, undefined],
      [hasty, "hang"],
      [on.weixin, "cut"],
      [on.weixin, { text: `${echo}}` }],
      [on.weixin, { text: echo }],
      [on.weixin, { status: 500, text: echo }],
      [on.weixin, { text: JSON.stringify({ errcode: 61024, errmsg: echo }) }],
      [on.weixin, { text: JSON.stringify({ errcode: 40029, errmsg: echo }) }],
      [on.weixin, { text: JSON.stringify({ errcode: Number(PHONE) }) }],
      [on.weixin, { text: JSON.stringify({ phone_info: { phoneNumber: Number(PHONE) } }) }],
    ] as const) {
      const [phoneCode, loginCode] = [on.server.phoneCode(), on.server.loginCode()];
      codes.push(phoneCode, loginCode);
      for (const call of [
        () => weixin.exchangePhoneCode(phoneCode, proof),
        () => weixin.code2session(loginCode),
      ]) {
        if (mishap !== undefined) on.server.next(mishap);
        shown.push(await call().catch((error: unknown) => error));
      }
    }
    shown.push(await on.weixin.code2session(on.server.loginCode()));
    expect(shown.filter((value) => value instanceof Error).length).toBeGreaterThan(18);
    const printed = shown.map(everyWay).join("\n");
    const logged = JSON.stringify(on.shop.logged);
    for (const secret of [PHONE, APP_SECRET, SESSION_KEY, ACCESS_TOKEN, ...codes]) {
      expect(printed).not.toContain(secret);
      expect(logged).not.toContain(secret);
    }
  });
});
