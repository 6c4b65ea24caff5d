import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWeixinCall } from "./weixin-call.ts";
import { openWeixinServer, type WeixinServer } from "./weixin-server.fixture.ts";

let server: WeixinServer;
beforeAll(async () => {
  server = await openWeixinServer({ appId: "a", appSecret: "s", accessToken: "t", now: () => 0 });
});
afterAll(() => server.close());

const request = { path: "/sns/jscode2session", query: { appid: "a" } };
const ask = (timeoutMs = 5000) =>
  createWeixinCall({ endpoint: server.endpoint, fetch, timeoutMs })(request);
const refused = (answer: Promise<unknown>, fact: string) =>
  expect(answer).rejects.toMatchObject({
    code: "ERR_STORE_UNAVAILABLE",
    message: `A store did not answer. (weixin: ${fact})`,
  });

describe("a call of Weixin", () => {
  it.each(["", "{", "null", "[]", "1", '{"errcode":"0"}', '{"errcode":1.5}', '{"errno":null}'])(
    "takes no answer that is not one: %s",
    async (text) => {
      server.next({ text });
      await refused(ask(), "broken answer");
    },
  );

  it("takes no number for an errcode that could be somebody's", async () => {
    server.next({ text: '{"errcode":13912345678}' });
    await refused(ask(), "broken answer");
  });

  it("takes errcode and errno, either of them missing", async () => {
    for (const [text, errcode] of [
      ["{}", 0],
      ['{"errcode":0,"errno":7}', 7],
      ['{"errcode":-1,"errno":7}', -1],
    ] as const) {
      server.next({ text });
      expect(await ask()).toMatchObject({ errcode });
    }
  });

  it("takes no status but 200, and follows nobody", async () => {
    server.next({ status: 500, text: '{"errcode":0}' });
    await refused(ask(), "HTTP 500");
    server.next({ status: 302, location: `${server.endpoint}/elsewhere`, text: "" });
    const before = server.requests.length;
    await refused(ask(), "no answer");
    expect(server.requests).toHaveLength(before + 1);
  });

  it("takes no answer larger than any of Weixin's", async () => {
    server.next({ text: `{"errmsg":"${"x".repeat(70_000)}"}` });
    await refused(ask(), "answer too large");
  });

  it("waits for a slow answer, and not for ever", async () => {
    server.next({ afterMs: 100 });
    expect(await ask()).toMatchObject({ errcode: 40125 });
    server.next("hang");
    await refused(ask(100), "late");
    server.next("cut");
    await refused(ask(), "no answer");
  });

  it("gives up on a fetch that does not listen", async () => {
    const deaf = () => new Promise<never>(() => {});
    const call = createWeixinCall({ endpoint: server.endpoint, fetch: deaf, timeoutMs: 20 });
    await refused(call(request), "late");
  });

  it("lets go of the connection when it gives up", async () => {
    let signal: AbortSignal | undefined;
    const call = createWeixinCall({
      endpoint: server.endpoint,
      fetch: (url, init) => {
        signal = init?.signal ?? undefined;
        return fetch(url, init);
      },
      timeoutMs: 50,
    });
    server.next("hang");
    await refused(call(request), "late");
    expect(signal?.aborted).toBe(true);
  });

  it("goes nowhere that would carry the secret in the clear", () => {
    const open = (endpoint: string) => createWeixinCall({ endpoint, fetch, timeoutMs: 1 });
    for (const endpoint of [
      "http://api.weixin.qq.com",
      "http://127.0.0.1.example.com",
      "ftp://localhost",
      "api.weixin.qq.com",
      "https://user:word@api.weixin.qq.com",
      "https://api.weixin.qq.com/?a=1",
      "https://api.weixin.qq.com/#a",
      "",
    ])
      expect(() => open(endpoint)).toThrow(expect.objectContaining({ code: "ERR_CONFIG_INVALID" }));
    for (const endpoint of ["https://api.weixin.qq.com/", "http://localhost:1", "http://[::1]:1"])
      expect(() => open(endpoint)).not.toThrow();
  });

  it("asks below the path of an endpoint, with or without a slash at its end", async () => {
    for (const end of ["", "/"]) {
      const endpoint = `${server.endpoint}/gateway${end}`;
      await createWeixinCall({ endpoint, fetch, timeoutMs: 5000 })(request);
      expect(server.requests.at(-1)?.path).toBe("/gateway/sns/jscode2session");
    }
  });
});
