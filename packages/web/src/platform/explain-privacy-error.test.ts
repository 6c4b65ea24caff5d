import { describe, expect, it } from "vitest";
import { explainPrivacyError } from "./explain-privacy-error.ts";

describe("explainPrivacyError", () => {
  it.each<[string, unknown]>([
    [
      "system-permission-denied",
      { errno: 3, errMsg: "openBluetoothAdapter:fail system permission denied" },
    ],
    ["permission-refused", { errno: 103, errMsg: "getLocation:fail auth deny" }],
    ["permission-refused", { errMsg: "getLocation:fail authorize denied" }],
    ["permission-refused", { errno: 103 }],
    [
      "guide-not-agreed",
      { errno: 104, errMsg: "chooseImage:fail privacy permission is not authorized" },
    ],
    ["guide-not-agreed", { errno: 104, errMsg: "jsapi user authorize canceled" }],
    ["guide-not-agreed", { errMsg: "chooseImage:fail privacy permission is not authorized" }],
    [
      "asked-too-soon",
      { errno: 104, errMsg: "x:fail privacy permission is not authorized in gap" },
    ],
    [
      "button-id-wrong",
      { errno: 104, errMsg: "x:fail privacy permission is not authorized or buttonId is wrong" },
    ],
    [
      "not-declared",
      { errno: 112, errMsg: "chooseImage:fail api scope is not declared in the privacy agreement" },
    ],
    ["not-declared", { errno: "112" }],
    ["interface-taken-back", { errno: 1025, errMsg: "chooseImage:fail appid privacy api banned" }],
    ["interface-taken-back", { errno: 1026, errMsg: "wxgame appid privacy api banned" }],
    ["phone-quota-used-up", { detail: { errno: 1400001, errMsg: "getPhoneNumber:fail" } }],
    [
      "consent-missing",
      { code: "ERR_CONSENT_MISSING", errMsg: "getLocation:fail ERR_CONSENT_MISSING" },
    ],
    ["purpose-wrong", { code: "ERR_ACCESS_DENIED", errMsg: "getLocation:fail ERR_ACCESS_DENIED" }],
    ["permission-refused", { errMsg: "getPhoneNumber:fail user deny" }],
    ["question-held-up", { code: "ERR_PLATFORM_UNAVAILABLE" }],
    ["server-unreachable", { code: "ERR_STORE_UNAVAILABLE" }],
    ["not-declared", "chooseImage:fail api scope is not declared in the privacy agreement"],
    ["guide-not-agreed", new Error("getUserProfile:fail privacy permission is not authorized")],
  ])(
    "WX-4.4.2a: tells %s of %j, its cause, its fix and the wait, in both languages",
    (code, error) => {
      const explained = explainPrivacyError(error);
      expect(explained.code).toBe(code);
      expect(explained["zh-CN"]).toMatch(/^原因：.+\n处理：.+(\n可粘贴：.+)?\n等待：/);
      expect(explained.en).toMatch(/^Cause: .+\nFix: .+(\nTo paste: .+)?\nWait: /);
    },
  );

  it("names the kind of information, its key, the console's page and a text to paste", () => {
    const errMsg = "chooseImage:fail api scope is not declared in the privacy agreement";
    const { "zh-CN": zh, en } = explainPrivacyError({ errno: 112, errMsg });
    expect(zh).toContain("「选中的照片或视频信息」");
    expect(zh).toContain("mp.weixin.qq.com →「设置」→「服务内容声明」→「用户隐私保护指引」");
    expect(zh).toMatch(/可粘贴：为了.+收集你的选中的照片或视频信息/);
    expect(zh).toMatch(/5 分钟.+1 小时/);
    expect(en).toContain("does not declare Album (选中的照片或视频信息, errno 112)");
    const phone = explainPrivacyError({ errno: 112, errMsg: "getPhoneNumber:fail" });
    expect(phone.en).toContain("does not declare PhoneNumber");
  });

  const broken = {
    get errMsg(): string {
      throw new Error("of the host");
    },
  };
  const round: { detail?: unknown } = {};
  round.detail = round;
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a number", 104],
    ["an object", {}],
    ["another errno", { errno: 600000, errMsg: "request:fail" }],
    ["a getter that throws", broken],
    ["an object that holds itself", round],
    ["a name of Object's", { errMsg: "constructor:fail", errno: NaN }],
  ])("is unknown for %s and never throws", (_name, error) => {
    expect(explainPrivacyError(error)).toMatchObject({
      code: "unknown",
      "zh-CN": expect.any(String),
      en: expect.any(String),
    });
  });
});
