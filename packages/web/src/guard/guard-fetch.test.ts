import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createGuard } from "@miniprivacy/core/sensitive-data";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardFetch } from "./guard-fetch.ts";

const ID = "11010519491231002X";
const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1MSJ9.c2lnbmF0dXJlLW9mLXRlc3Rz";
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

const stopped = { name: "PrivacyError", code: "ERR_SENSITIVE_DATA_FOUND" };
const guarded = (mode: "block" | "redact" | "report") =>
  guardFetch(createGuard({ profile: "tcmpp-strict", mode }), fetch);
const form = (value: string, name = "note"): FormData => {
  const data = new FormData();
  data.set(name, value);
  return data;
};
const twice = (): FormData => {
  const data = form(ID);
  data.append("note", "x");
  return data;
};
const file = (blob: Blob, name = "a.txt"): FormData => {
  const data = new FormData();
  data.set("file", blob, name);
  return data;
};
const stream = (...texts: readonly string[]): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
const endless = (): ReadableStream =>
  new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(97)),
  });

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
    ["a name that stands twice in a query", () => [`${url}/?a=${ID}&a=x`]],
    ["a path with a fault beside it", () => [`${url}/%E0%A4%A/%31${ID.slice(1)}`]],
    ["a path that is encoded twice", () => [`${url}/%2531${ID.slice(1)}`]],
    ["a referrer", () => [url, { referrer: `${url}/${ID}` }]],
    [
      "a form field that stands twice",
      () => [url, { method: "POST", body: new URLSearchParams(`a=${ID}&a=x`) }],
    ],
    [
      "a form whose type is in capitals",
      () => [
        url,
        {
          method: "POST",
          headers: { "content-type": "Application/X-WWW-Form-Urlencoded" },
          body: `a=%31${ID.slice(1)}`,
        },
      ],
    ],
    ["a field of FormData by name", () => [url, { method: "POST", body: form("x", "religion") }]],
    ["a field of FormData that stands twice", () => [url, { method: "POST", body: twice() }]],
    ["a file in FormData", () => [url, { method: "POST", body: file(new Blob([`号${ID}`])) }]],
    [
      "the name of a file",
      () => [url, { method: "POST", body: file(new Blob(["x"]), `${ID}.txt`) }],
    ],
    [
      "a file that is no text",
      () => [url, { method: "POST", body: file(new Blob([Uint8Array.of(0xff, 0xd8)])) }],
    ],
    [
      "a form with a fault",
      () => [
        url,
        {
          method: "POST",
          headers: { "content-type": "multipart/form-data; boundary=x" },
          body: "y",
        },
      ],
    ],
    [
      "UTF-16 that says so",
      () => [
        url,
        {
          method: "POST",
          headers: { "content-type": "text/plain; charset=UTF-16LE" },
          body: Buffer.from("abc", "utf16le"),
        },
      ],
    ],
    [
      "UTF-16 that does not say so",
      () => [url, { method: "POST", body: Buffer.from(ID, "utf16le") }],
    ],
    [
      "JSON with a byte order mark",
      () => [url, { method: "POST", body: `\ufeff{"religion":"x"}` }],
    ],
    ["a buffer", () => [url, { method: "POST", body: Buffer.from(ID).buffer.slice(0) }]],
    ["a stream", () => [url, { method: "POST", body: stream(ID), duplex: "half" } as RequestInit]],
    [
      "a stream without end",
      () => [url, { method: "POST", body: endless(), duplex: "half" } as RequestInit],
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

  it.each<[string, () => [string | Request, RequestInit?], string | RegExp]>([
    [
      "a stream",
      () => [url, { method: "POST", body: stream("面包", " 2"), duplex: "half" } as RequestInit],
      "面包 2",
    ],
    ["a Request", () => [new Request(url, { method: "POST", body: "bread" })], "bread"],
    [
      "a form",
      () => [url, { method: "POST", body: form("bread") }],
      /name="note"\r\n\r\nbread\r\n/,
    ],
    [
      "a file of text",
      () => [url, { method: "POST", body: file(new Blob(["bread"])) }],
      /filename="a.txt"[^]*bread/,
    ],
    [
      "JSON with a byte order mark",
      () => [url, { method: "POST", body: '\ufeff{"a":1}' }],
      '\ufeff{"a":1}',
    ],
    ["nothing", () => [url, { method: "POST", body: "" }], ""],
  ])("sends %s as it is when it is clean", async (_name, make, body) => {
    for (const mode of ["block", "redact", "report"] as const) await guarded(mode)(...make());
    expect(arrived.map((request) => request.body)).toEqual(
      Array(3).fill(typeof body === "string" ? body : expect.stringMatching(body)),
    );
  });

  it.each<[string, () => RequestInit, string]>([
    ["a text", () => ({ body: `号码 ${ID}` }), "号码 1****************X"],
    [
      "a field of JSON by name",
      () => ({ body: '{"diagnosis":"flu","a":1}' }),
      '{"diagnosis":"***","a":1}',
    ],
    [
      "a form field by name",
      () => ({ body: new URLSearchParams({ religion: "x", a: "b" }) }),
      "religion=*&a=b",
    ],
    [
      "a percent-encoded form",
      () => ({
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `b=2&a=%31${ID.slice(1)}`,
      }),
      `b=2&a=%${"*".repeat(18)}X`,
    ],
  ])("TC-D6.2a: redact sends %s masked, and nothing of it as it was", async (_name, make, body) => {
    await guarded("redact")(url, { method: "POST", ...make() });
    expect(arrived.map((request) => request.body)).toEqual([body]);
  });

  it.each<[string, () => RequestInit]>([
    ["FormData", () => ({ body: form(ID) })],
    ["a number in JSON, which would be JSON no more", () => ({ body: '{"n":110105194912310003}' })],
    ["escapes in JSON", () => ({ body: `{"a":"\\u0031${ID.slice(1)}"}` })],
    ["a file that is no text", () => ({ body: file(new Blob([Uint8Array.of(0xff, 0xd8)])) })],
    ["a header", () => ({ body: "x", headers: { "x-note": ID } })],
  ])("TC-D6.2a: redact stops what it cannot mask: %s", async (_name, make) => {
    await expect(guarded("redact")(url, { method: "POST", ...make() })).rejects.toMatchObject({
      code: "ERR_SENSITIVE_DATA_FOUND",
    });
    expect(arrived).toEqual([]);
  });

  it("TC-D6.2a: redact stops an address, which would be another one", async () => {
    await expect(guarded("redact")(`${url}/${ID}`)).rejects.toMatchObject({
      code: "ERR_SENSITIVE_DATA_FOUND",
    });
    expect(arrived).toEqual([]);
  });

  it.each([
    ["authorization", `Bearer ${TOKEN}`],
    ["proxy-authorization", `Bearer ${TOKEN}`],
    ["x-access-token", TOKEN],
    ["token", TOKEN],
    ["x-api-key", "sk-abcdefghijklmnopqrstuvwxyz123"],
  ])("lets an app sign in by %s, and stops other data there", async (name, value) => {
    for (const mode of ["block", "redact"] as const)
      await guarded(mode)(url, { headers: { [name]: value } });
    expect(arrived.map(({ headers }) => headers[name])).toEqual([value, value]);
    await expect(
      guarded("block")(url, { headers: { [name]: `${value} ${ID}` } }),
    ).rejects.toMatchObject(stopped);
    await expect(guarded("block")(url, { headers: { "x-note": value } })).rejects.toMatchObject(
      stopped,
    );
    expect(arrived).toHaveLength(2);
  });

  it("TC-D6.2a: stops what is longer than its guard reads, and says why", async () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block", maxBytes: 100 });
    const send = guardFetch(guard, fetch);
    await send(url, { method: "POST", body: "0123456789".repeat(10) });
    const headers = { authorization: "a".repeat(101) };
    await expect(send(url, { headers })).rejects.toMatchObject({ detail: "unfinished" });
    const longer = [url, { method: "POST", body: `${"0123456789".repeat(10)}a` }] as const;
    await expect(send(...longer)).rejects.toMatchObject({ detail: "unfinished" });
    await expect(
      send(url, { method: "POST", body: file(new Blob(["0123456789".repeat(11)])) }),
    ).rejects.toMatchObject(stopped);
    expect(arrived).toHaveLength(1);
  });

  it("TC-D6.2a: a guard that fails lets nothing through", async () => {
    const inspect = (): never => {
      throw new Error("of the guard");
    };
    const broken = (mode: "block" | "report"): typeof fetch =>
      guardFetch({ ...createGuard({ profile: "tcmpp-strict", mode }), inspect }, fetch);
    await expect(broken("block")(url)).rejects.toMatchObject({
      code: "ERR_SENSITIVE_DATA_FOUND",
      detail: "unfinished",
    });
    await broken("report")(url);
    expect(arrived).toHaveLength(1);
  });

  it("a stopped stream is told so", async () => {
    let cancelled: () => void;
    const told = new Promise<void>((resolve) => (cancelled = resolve));
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(97)),
      cancel: () => cancelled(),
    });
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    await expect(guarded("block")(url, init)).rejects.toMatchObject({
      code: "ERR_SENSITIVE_DATA_FOUND",
    });
    await told;
  });

  it("sends everything in report mode", async () => {
    await guarded("report")(url, { method: "POST", body: ID });
    await guarded("report")(url, { method: "POST", body: Uint8Array.of(0xff) });
    expect(arrived).toHaveLength(2);
  });
});
