import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { PHONE } from "./weixin-server.fixture.ts";
import {
  ACCESS_TOKEN,
  openWeixinShop,
  type WeixinPurpose,
  type WeixinShop,
} from "./weixin-shop.fixture.ts";

let on: WeixinShop;
beforeAll(async () => {
  on = await openWeixinShop(await openTestDatabase());
});
afterAll(() => on.close());

const MINUTE = 60_000;
const THE_PHONE = { phoneNumber: PHONE, purePhoneNumber: PHONE, countryCode: "86" };

/** Who has consented to delivery already. */
async function agreed(as: string) {
  await on.shop.give(as, "delivery");
  return { subjectId: as, purpose: "delivery", headers: {} } as const;
}

/** How many calls reached Weixin meanwhile. */
async function calls(during: () => Promise<unknown>): Promise<number> {
  const before = on.server.requests.length;
  await during();
  return on.server.requests.length - before;
}

describe("exchangePhoneCode", () => {
  it("WX-4.4.3: asks Weixin for a number once the consent its request carries is recorded", async () => {
    const code = on.server.phoneCode();
    const headers = await on.headersOf("lin", "delivery");
    const proof = { subjectId: "lin", purpose: "delivery", headers } as const;
    expect(await on.weixin.exchangePhoneCode(code, proof)).toEqual({
      exchanged: true,
      phone: THE_PHONE,
    });
    expect(on.server.requests.at(-1)).toEqual({
      method: "POST",
      path: "/wxa/business/getuserphonenumber",
      query: { access_token: ACCESS_TOKEN },
      contentType: "application/json",
      body: JSON.stringify({ code }),
    });
    const { body } = await on.shop.call("GET", "/consents", { as: "lin" });
    expect(body["consents"]).toContainEqual(
      expect.objectContaining({ purpose: "delivery", status: "given" }),
    );
  });

  it("takes the same headers again with the next code, and web Headers too", async () => {
    const headers = await on.headersOf("again", "delivery");
    const proof = { subjectId: "again", purpose: "delivery" } as const;
    for (const sent of [headers, headers, new Headers(headers)])
      expect(
        await on.weixin.exchangePhoneCode(on.server.phoneCode(), { ...proof, headers: sent }),
      ).toMatchObject({ exchanged: true });
  });

  it("WX-4.4.3, WX-4.4.4d: asks for nothing without consent, after a refusal or a withdrawal", async () => {
    const withdrawn = await agreed("withdrawn");
    await on.shop.call("DELETE", "/consents/delivery", { as: "withdrawn" });
    const refusal = await on.headersOf("refuser", "delivery", "refused");
    const other = await on.headersOf("lin", "delivery");
    const code = on.server.phoneCode();
    const asked = await calls(async () => {
      for (const [subjectId, headers, reason] of [
        ["nobody", {}, "consent-missing"],
        ["nobody", { "x-privacy-proof": "e30" }, "consent-missing"],
        ["nobody", other, "consent-missing"],
        ["refuser", refusal, "consent-refused"],
        [withdrawn.subjectId, {}, "consent-withdrawn"],
      ] as const)
        expect(
          await on.weixin.exchangePhoneCode(code, { subjectId, purpose: "delivery", headers }),
        ).toEqual({ exchanged: false, reason });
    });
    expect(asked).toBe(0);
    // A denial spends no code.
    expect(await on.weixin.exchangePhoneCode(code, await agreed("later"))).toMatchObject({
      exchanged: true,
    });
  });

  it("WX-4.4.4a: refuses a purpose that does not need the number, whatever she consented to", async () => {
    const headers = await on.headersOf("visitor", "visit");
    const code = on.server.phoneCode();
    const exchange = (purpose: WeixinPurpose) =>
      on.weixin.exchangePhoneCode(code, { subjectId: "visitor", purpose, headers });
    const asked = await calls(async () => {
      expect(await exchange("visit")).toEqual({
        exchanged: false,
        reason: "category-not-in-purpose",
      });
      expect(await exchange("lottery" as "visit")).toMatchObject({ reason: "purpose-unknown" });
      expect(await exchange("toString" as "visit")).toMatchObject({ reason: "purpose-unknown" });
    });
    expect(asked).toBe(0);
  });

  it("keeps every decision in the access log, on the number alone", async () => {
    const proof = await agreed("logged");
    await on.weixin.exchangePhoneCode(on.server.phoneCode(), proof);
    await on.weixin.exchangePhoneCode(on.server.phoneCode(), { ...proof, purpose: "visit" });
    await vi.waitFor(async () => {
      const { body } = await on.shop.call("GET", "/staff/access/log?caller=weixin-phone", {
        as: "auditor",
        roles: ["auditor"],
      });
      for (const [purpose, decision, categories] of [
        ["delivery", "permitted", ["phone"]],
        ["visit", "denied", []],
      ] as const)
        expect(body["entries"]).toContainEqual(
          expect.objectContaining({ purpose, decision, categories }),
        );
    });
  });

  it("asks in the tenant of the proof", async () => {
    const proof = { ...(await agreed("tenanted")), tenant: "other" };
    expect(await on.weixin.exchangePhoneCode(on.server.phoneCode(), proof)).toMatchObject({
      reason: "consent-missing",
    });
  });
});

describe("a code", () => {
  it("goes out once, in this process, of calls at once too", async () => {
    const proof = await agreed("once");
    const code = on.server.phoneCode();
    const results: unknown[] = [];
    const asked = await calls(async () => {
      const both = Array.from({ length: 4 }, () => on.weixin.exchangePhoneCode(code, proof));
      results.push(...(await Promise.all(both)), await on.weixin.exchangePhoneCode(code, proof));
    });
    expect(asked).toBe(1);
    expect(results.filter((result) => (result as { exchanged: boolean }).exchanged)).toHaveLength(
      1,
    );
    const used = { exchanged: false, reason: "code-used" };
    expect(
      results.filter((result) => JSON.stringify(result) === JSON.stringify(used)),
    ).toHaveLength(4);
  });

  it("that another process spent, that is old, or that is none, is invalid", async () => {
    const proof = await agreed("invalid");
    const [spent, old] = [on.server.phoneCode(), on.server.phoneCode()];
    const exchange = (code: string) => on.weixin.exchangePhoneCode(code, proof);
    const invalid = { exchanged: false, reason: "code-invalid" };
    await on.open().exchangePhoneCode(spent, proof);
    expect(await exchange(spent)).toEqual(invalid);
    on.shop.pass(5 * MINUTE);
    for (const code of [old, on.server.loginCode(), "0".repeat(64)])
      expect(await exchange(code)).toEqual(invalid);
    const asked = await calls(async () => {
      for (const code of ["", "a b", "x".repeat(513), "\n", undefined, { code: 1 }])
        expect(await exchange(code as string)).toEqual(invalid);
    });
    expect(asked).toBe(0);
  });

  it("says so when the app has no numbers left", async () => {
    const proof = await agreed("quota");
    for (const text of ['{"errno":1400001,"errmsg":"x"}', '{"errcode":1400001,"errmsg":"x"}']) {
      on.server.next({ text });
      expect(await on.weixin.exchangePhoneCode(on.server.phoneCode(), proof)).toEqual({
        exchanged: false,
        reason: "quota",
      });
    }
  });

  it("is not spent when there was no token to send it with", async () => {
    const proof = await agreed("tokenless");
    const code = on.server.phoneCode();
    let token: () => Promise<string> = async () => "";
    const weixin = on.open({ accessToken: () => token(), timeoutMs: 2000 });
    const refused = () =>
      expect(weixin.exchangePhoneCode(code, proof)).rejects.toMatchObject({
        code: "ERR_STORE_UNAVAILABLE",
        message: expect.stringContaining("no access token") as string,
      });
    await refused();
    token = () => Promise.reject(new Error("gone"));
    await refused();
    token = () => {
      throw new Error("gone");
    };
    await refused();
    token = async () => ACCESS_TOKEN;
    expect(await weixin.exchangePhoneCode(code, proof)).toMatchObject({ exchanged: true });
  });

  it("is spent when its answer was lost", async () => {
    const proof = await agreed("lost");
    const code = on.server.phoneCode();
    on.server.next("cut");
    await expect(on.weixin.exchangePhoneCode(code, proof)).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
    });
    expect(await on.weixin.exchangePhoneCode(code, proof)).toMatchObject({ reason: "code-used" });
  });
});

describe("the watermark of a number", () => {
  it("names this app", async () => {
    const code = on.server.phoneCode({ appId: "wx0000000000000000" });
    expect(await on.weixin.exchangePhoneCode(code, await agreed("marked"))).toEqual({
      exchanged: false,
      reason: "watermark",
    });
  });

  it.each([
    [-6 * MINUTE, true],
    [-6 * MINUTE - 1000, false],
    [MINUTE, true],
    [MINUTE + 1000, false],
  ])("is of a moment in a code's life, %i ms from now: %s", async (watermarkAfterMs, exchanged) => {
    const code = on.server.phoneCode({ watermarkAfterMs });
    const proof = await agreed("timed");
    expect(await on.weixin.exchangePhoneCode(code, proof)).toMatchObject({ exchanged });
  });

  it("is there, with a time that is a number", async () => {
    const proof = await agreed("unmarked");
    for (const watermark of [
      undefined,
      null,
      {},
      { appid: "wx4f4bc4dec97d474b", timestamp: "x" },
    ]) {
      const phone_info = {
        phoneNumber: PHONE,
        purePhoneNumber: PHONE,
        countryCode: "86",
        watermark,
      };
      on.server.next({ text: JSON.stringify({ errcode: 0, phone_info }) });
      expect(await on.weixin.exchangePhoneCode(on.server.phoneCode(), proof)).toMatchObject({
        reason: "watermark",
      });
    }
  });
});

describe("an answer that holds no number", () => {
  it.each([
    "{}",
    '{"errcode":0,"phone_info":null}',
    '{"errcode":0,"phone_info":[]}',
    `{"errcode":0,"phone_info":{"phoneNumber":${PHONE},"purePhoneNumber":"${PHONE}","countryCode":"86"}}`,
    `{"errcode":0,"phone_info":{"phoneNumber":"<b>","purePhoneNumber":"${PHONE}","countryCode":"86"}}`,
    `{"errcode":0,"phone_info":{"phoneNumber":"${PHONE}","purePhoneNumber":"${PHONE}"}}`,
  ])("is no refusal: %s", async (text) => {
    const proof = await agreed("broken");
    on.server.next({ text });
    await expect(on.weixin.exchangePhoneCode(on.server.phoneCode(), proof)).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringContaining("broken answer") as string,
    });
  });
});
