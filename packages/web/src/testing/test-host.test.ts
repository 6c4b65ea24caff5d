import { describe, expect, it, vi } from "vitest";
import { createTestHost, type TestHost } from "./test-host.ts";
import type { PrivacyResolution } from "./test-privacy-flow.ts";

const failure = (call: Promise<object> | undefined): Promise<unknown> =>
  call!.then(
    () => undefined,
    (error: unknown) => error,
  );
type Question = { resolve(resolution: PrivacyResolution): void; referrer: string };

function listening({ wx }: TestHost): Question[] {
  const asked: Question[] = [];
  wx.onNeedPrivacyAuthorization!((resolve, { referrer }) => void asked.push({ resolve, referrer }));
  return asked;
}

describe("createTestHost", () => {
  it("asks the listener registered last, and the call waits for as long as it takes", async () => {
    const host = createTestHost();
    const first = listening(host);
    const last = listening(host);
    const answered = vi.fn<() => void>();
    const call = host.wx.chooseImage()!.then(answered);
    await vi.waitFor(() => expect(last).toMatchObject([{ referrer: "chooseImage" }]));
    expect([first, answered.mock.calls]).toEqual([[], []]);
    last[0]!.resolve({ event: "exposureAuthorization" });
    host.tapAgree("b");
    last[0]!.resolve({ event: "agree", buttonId: "b" });
    await call;
    expect(await host.wx.chooseImage()).toEqual({ errMsg: "chooseImage:ok" });
    expect(last).toHaveLength(1);
  });

  it("takes no agreement from a button that was not tapped", async () => {
    const host = createTestHost();
    const asked = listening(host);
    const call = host.wx.chooseImage();
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    asked[0]!.resolve({ event: "agree", buttonId: "b" });
    expect(await failure(call)).toMatchObject({
      errno: 104,
      errMsg: "chooseImage:fail privacy permission is not authorized or buttonId is wrong",
    });
  });

  it("takes a tap for what waits at that time, and for nothing later", async () => {
    const host = createTestHost({ declared: ["Album"] });
    const asked = listening(host);
    const calls = [host.wx.chooseImage(), host.wx.chooseMedia()];
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    host.tapAgree("b");
    for (const { resolve } of asked) resolve({ event: "agree", buttonId: "b" });
    for (const call of calls) await call;
    host.declare("Location");
    const later = host.wx.getLocation();
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    asked[2]!.resolve({ event: "agree", buttonId: "b" });
    expect(await failure(later)).toMatchObject({ errno: 104 });
  });

  it("does not take a tap alone for an answer while a call is pending", async () => {
    const host = createTestHost();
    const asked = listening(host);
    const answered = vi.fn<() => void>();
    void host.wx.chooseImage()!.then(answered);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    host.tapAgree("b");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).not.toHaveBeenCalled();
  });

  it("fails at once for ten seconds after a refusal, without a popup", async () => {
    let time = 0;
    const host = createTestHost({ now: () => time, officialPopup: () => "disagree" });
    for (time of [0, 9_999, 10_000])
      expect(await failure(host.wx.chooseImage())).toMatchObject({ errno: 104 });
    expect(host.popups).toEqual(["privacy-guide", "privacy-guide"]);
  });

  it("knows what the guide declares, and asks again for what was added", async () => {
    const host = createTestHost({ declared: ["Album"] });
    await host.wx.chooseImage();
    expect(await failure(host.wx.getLocation())).toMatchObject({
      errno: 112,
      errMsg: "getLocation:fail api scope is not declared in the privacy agreement",
    });
    host.declare("Location");
    const setting = vi.fn<(answer: object) => void>();
    expect(host.wx.getPrivacySetting!({ success: setting })).toBeUndefined();
    await vi.waitFor(() =>
      expect(setting).toHaveBeenCalledWith(expect.objectContaining({ needAuthorization: true })),
    );
    await host.wx.getLocation();
    expect(host.popups).toEqual(["privacy-guide", "privacy-guide", "scope.userLocation"]);
    host.clearAuthorization();
    await host.wx.chooseImage();
    expect(host.popups).toHaveLength(4);
  });

  it("has taken the interfaces back where it is told so", async () => {
    const host = createTestHost({ isBanned: true });
    expect(await failure(host.wx.chooseImage())).toMatchObject({
      errno: 1025,
      errMsg: "chooseImage:fail appid privacy api banned",
    });
  });

  it("has no gate and no privacy API below 2.32.3", async () => {
    const host = createTestHost({ libVersion: "2.32.2", declared: [] });
    await host.wx.chooseImage();
    for (const name of ["getPrivacySetting", "onNeedPrivacyAuthorization", "openPrivacyContract"])
      expect([name in host.wx, host.wx.canIUse(name)]).toEqual([false, false]);
    expect("getPrivacySetting" in createTestHost({ libVersion: "2.32.3" }).wx).toBe(true);
  });

  it("asks a permission once, and a refused one never again", async () => {
    const host = createTestHost({ libVersion: "2.27.0", permission: () => false });
    for (let i = 0; i < 2; i++)
      expect(await failure(host.wx.authorize({ scope: "scope.userLocation" }))).toMatchObject({
        errno: 103,
      });
    expect(host.popups).toEqual(["scope.userLocation"]);
    expect(await host.wx.getSetting()).toMatchObject({
      authSetting: { "scope.userLocation": false },
    });
  });

  it("answers requirePrivacyAuthorize by callbacks only", async () => {
    const host = createTestHost({ officialPopup: () => "disagree" });
    const [fail, complete] = [vi.fn<(e: object) => void>(), vi.fn<(e: object) => void>()];
    expect(host.wx.requirePrivacyAuthorize!({ fail, complete })).toBeUndefined();
    await vi.waitFor(() => expect(complete).toHaveBeenCalledOnce());
    expect(fail).toHaveBeenCalledWith(expect.objectContaining({ errno: 104 }));
  });

  it("calls any status a success, a broken network and the background a failure", async () => {
    const host = createTestHost({ answer: async () => ({ statusCode: 500, data: "" }) });
    const send = (): Promise<unknown> =>
      new Promise((resolve) => {
        const url = "https://shop.example";
        host.wx.request({ url, success: resolve, fail: resolve });
      });
    expect(await send()).toMatchObject({ statusCode: 500 });
    host.setOnline(false);
    expect(await send()).toMatchObject({ errMsg: "request:fail network error" });
    host.setOnline(true);
    host.suspend();
    expect(await send()).toMatchObject({ errMsg: "request:fail interrupted" });
    host.resume();
    expect(await send()).toMatchObject({ statusCode: 500 });
  });

  it("keeps what was stored for the next host, within the limits", async () => {
    const host = createTestHost();
    await host.wx.setStorage({ key: "a", data: { b: 1 } });
    host.wx.setStorageSync("c", "d");
    const next = createTestHost({ storage: host.storage }).wx;
    expect(await next.getStorage({ key: "a" })).toMatchObject({ data: { b: 1 } });
    expect([next.getStorageSync("c"), next.getStorageSync("e")]).toEqual(["d", ""]);
    await next.removeStorage({ key: "a" });
    expect(await failure(next.getStorage({ key: "a" }))).toMatchObject({
      errMsg: "getStorage:fail data not found",
    });
    const most = "x".repeat(1_048_574);
    for (let i = 0; i < 9; i++) await next.setStorage({ key: `k${i}`, data: most });
    expect(await failure(next.setStorage({ key: "last", data: most }))).toMatchObject({
      errMsg: "setStorage:fail exceed storage max size 10Mb",
    });
  });

  it("has a button's detail from the person's answer", async () => {
    const results = { getPhoneNumber: { code: "c" } };
    const host = createTestHost({ results });
    expect(await host.tapOpenType("getPhoneNumber")).toEqual({
      errMsg: "getPhoneNumber:ok",
      code: "c",
    });
    expect(host.popups).toEqual(["privacy-guide"]);
    const undeclared = createTestHost({ results, declared: [] });
    expect(await undeclared.tapOpenType("getPhoneNumber")).toMatchObject({ errno: 112 });
  });
});
