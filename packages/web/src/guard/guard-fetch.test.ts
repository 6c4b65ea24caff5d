import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createGuard } from "@miniprivacy/core/sensitive-data";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardFetch } from "./guard-fetch.ts";

const ID = "11010519491231002X";
let server: Server;
let url: string;
let arrived: {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      arrived.push({
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => void (arrived = []));

const guarded = (mode: "block" | "redact" | "report") =>
  guardFetch(createGuard({ profile: "tcmpp-strict", mode }), fetch);
const form = (value: string): FormData => {
  const data = new FormData();
  data.set("note", value);
  return data;
};

describe("guardFetch", () => {
  it.each<[string, () => [string | Request, RequestInit?]]>([
    ["the path", () => [`${url}/users/${ID}`]],
    ["a query", () => [`${url}/?q=${encodeURIComponent(`我是${ID}`)}`]],
    ["a percent-encoded path", () => [`${url}/${encodeURIComponent(`证${ID}`)}`]],
    ["a header", () => [url, { headers: { "x-note": ID } }]],
    ["a text body", () => [url, { method: "POST", body: `我的号码${ID}` }]],
    ["a JSON body", () => [url, { method: "POST", body: JSON.stringify({ a: [{ b: ID }] }) }]],
    [
      "a field by name",
      () => [url, { method: "POST", body: JSON.stringify({ diagnosis: "flu" }) }],
    ],
    [
      "URLSearchParams",
      () => [url, { method: "POST", body: new URLSearchParams({ note: `号${ID}` }) }],
    ],
    [
      "a field of URLSearchParams by name",
      () => [url, { method: "POST", body: new URLSearchParams({ religion: "x" }) }],
    ],
    ["FormData", () => [url, { method: "POST", body: form(ID) }]],
    ["a Blob", () => [url, { method: "POST", body: new Blob([ID]) }]],
    ["bytes", () => [url, { method: "POST", body: new TextEncoder().encode(ID) }]],
    ["a Request", () => [new Request(url, { method: "POST", body: ID })]],
    [
      "an init that overrides a Request",
      () => [new Request(url, { method: "POST", body: "clean" }), { body: ID }],
    ],
    [
      "bytes that are no text",
      () => [url, { method: "POST", body: Uint8Array.of(0xff, 0xfe, 0x00) }],
    ],
  ])("TC-D6.2a: nothing leaves when %s holds what must not", async (_name, make) => {
    const failure = await guarded("block")(...make()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: "PrivacyError", code: "ERR_SENSITIVE_DATA_FOUND" });
    expect(arrived).toEqual([]);
    expect(String((failure as Error).stack)).not.toContain(ID);
  });

  it("sends what is clean, unchanged", async () => {
    const body = JSON.stringify({ item: "面包", price: 19.9 });
    await guarded("block")(`${url}/orders?page=2`, {
      method: "PUT",
      headers: { "content-type": "application/json", "x-a": "b" },
      body,
    });
    expect(arrived).toMatchObject([
      {
        method: "PUT",
        path: "/orders?page=2",
        body,
        headers: { "x-a": "b", "content-type": "application/json" },
      },
    ]);
  });

  it("masks text in redact mode, and stops what it cannot mask", async () => {
    await guarded("redact")(url, { method: "POST", body: `号码 ${ID}` });
    expect(arrived.map(({ body }) => body)).toEqual(["号码 1****************X"]);
    await expect(
      guarded("redact")(url, { method: "POST", body: JSON.stringify({ diagnosis: "flu" }) }),
    ).rejects.toMatchObject({ code: "ERR_SENSITIVE_DATA_FOUND" });
    await expect(guarded("redact")(`${url}/${ID}`)).rejects.toMatchObject({
      code: "ERR_SENSITIVE_DATA_FOUND",
    });
    expect(arrived).toHaveLength(1);
  });

  it("sends everything in report mode", async () => {
    await guarded("report")(url, { method: "POST", body: ID });
    await guarded("report")(url, { method: "POST", body: Uint8Array.of(0xff) });
    expect(arrived).toHaveLength(2);
  });
});
