import { describe, expect, it } from "vitest";
import { hostRandomBytes } from "./host-random.ts";
import { hostStorage } from "./host-storage.ts";
import {
  cloudContainerTransport,
  cloudFunctionTransport,
  requestTransport,
} from "./host-transport.ts";
import { createTestHost } from "../testing/test-host.ts";

type Options = { readonly success: (answer: object) => void; readonly fail: (e: object) => void };
const post = { method: "POST", url: "/privacy/consents", headers: { a: "b" }, body: "{}" } as const;

describe("transports", () => {
  it("sends by request, whatever the host calls status and headers", async () => {
    const sent: object[] = [];
    const host = (answer: object): object => ({
      request({ success, fail: _fail, ...options }: Options) {
        sent.push(options);
        success(answer);
      },
    });
    const weixin = { statusCode: 429, data: { code: "X" }, header: { "Retry-After": "3" } };
    expect(await requestTransport(host(weixin))(post)).toEqual({
      status: 429,
      body: { code: "X" },
      retryAfter: 3,
    });
    const alipay = { status: 200, data: {}, headers: {} };
    expect(await requestTransport(host(alipay))(post)).toMatchObject({ status: 200, body: {} });
    const bare = { status: 204, header: null };
    expect(await requestTransport(host(bare))(post)).toMatchObject({ status: 204 });
    expect(sent[0]).toEqual({
      method: "POST",
      url: "/privacy/consents",
      header: { a: "b" },
      headers: { a: "b" },
      dataType: "json",
      data: "{}",
    });
  });

  it("sends by a promise where the host has no callbacks", async () => {
    const host = { request: async () => ({ statusCode: 204, data: "" }) };
    expect(await requestTransport(host)(post)).toMatchObject({ status: 204 });
  });

  it("sends by a cloud container", async () => {
    const calls: object[] = [];
    const cloud = {
      callContainer({ success, fail: _fail, ...options }: Options) {
        calls.push(options);
        success({ statusCode: 201, data: {} });
      },
    };
    const transport = cloudContainerTransport({ cloud }, { env: "prod-1", service: "privacy" });
    expect(await transport(post)).toMatchObject({ status: 201 });
    expect(calls).toEqual([
      {
        config: { env: "prod-1" },
        path: "/privacy/consents",
        method: "POST",
        header: { a: "b", "X-WX-SERVICE": "privacy" },
        dataType: "json",
        data: "{}",
      },
    ]);
  });

  it("sends by a cloud function, and takes nothing else for an answer", async () => {
    let result: unknown = { status: 200, body: { consents: [] } };
    const cloud = { callFunction: ({ success }: Options) => success({ result }) };
    const transport = cloudFunctionTransport({ cloud }, "privacy");
    expect(await transport(post)).toEqual(result);
    for (result of [undefined, "error", { status: "200" }])
      await expect(transport(post)).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    await expect(cloudFunctionTransport({}, "privacy")(post)).rejects.toMatchObject({
      errMsg: "callFunction:fail is not supported",
    });
  });
});

describe("hostStorage", () => {
  it("gives back what was set, plain or encrypted, and nothing for what never was", async () => {
    const { wx, storage } = createTestHost();
    const [plain, encrypted] = [hostStorage(wx), hostStorage(wx, { encrypt: true })];
    await plain.set("k", "v");
    await encrypted.set("k", "w");
    expect([await plain.get("k"), await encrypted.get("k")]).toEqual(["v", "w"]);
    expect(await plain.get("never")).toBeUndefined();
    expect([...storage.keys()]).toEqual(["k", "encrypted:k"]);
  });

  it.each([
    [false, 1_048_575],
    [true, 734_100],
  ])("fails past the host's limit a key (encrypted: %s)", async (encrypt, size) => {
    const storage = hostStorage(createTestHost().wx, { encrypt });
    await expect(storage.set("k", "v".repeat(size))).rejects.toMatchObject({
      errMsg: expect.stringContaining("limit exceeded"),
    });
  });

  it("passes on any other failure: a denial may be lost", async () => {
    const broken = { getStorage: ({ fail }: Options) => fail({ errMsg: "getStorage:fail" }) };
    await expect(hostStorage(broken).get("k")).rejects.toMatchObject({ errMsg: "getStorage:fail" });
  });
});

describe("hostRandomBytes", () => {
  it("gives as many as asked for, or fails", async () => {
    expect(await hostRandomBytes(createTestHost().wx)(16)).toHaveLength(16);
    const short = { getRandomValues: ({ success }: Options) => success({}) };
    await expect(hostRandomBytes(short)(16)).rejects.toMatchObject({
      code: "ERR_PLATFORM_UNAVAILABLE",
    });
  });
});
