import { createGuard, SCAN_LIMITS } from "@miniprivacy/core/sensitive-data";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { guardHandler } from "./guard-handler.ts";

/** Made up: the sample number of GB 11643. */
const ID = "11010519491231002X";
const request = new Request("http://shop.example/");

type Mode = "block" | "redact" | "report";
const guardIn = (mode: Mode, found: string[] = []) =>
  createGuard({
    profile: "tcmpp-strict",
    mode,
    onFinding: ({ category }) => void found.push(category),
  });

function answer(mode: Mode, make: () => Response): Promise<Response> {
  return guardHandler(guardIn(mode), make)(request);
}

async function refused(response: Response): Promise<void> {
  expect(response.status).toBe(500);
  const body = (await response.json()) as { code: string; requestId: string };
  expect(body).toEqual({
    code: "ERR_SENSITIVE_DATA_FOUND",
    requestId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
  });
}

const stream = (...chunks: readonly (string | Uint8Array)[]): ReadableStream =>
  ReadableStream.from(
    chunks.map((chunk) => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk)),
  );
const unknown = (text = ID): ReadableStream => stream(new Uint8Array([0xff, 0]), ` ${text} `);
const typed = (type: string, body: string | ReadableStream): Response =>
  new Response(body, { headers: { "content-type": type } });

describe("guardHandler", () => {
  it.each<[string, () => Response]>([
    ["JSON", () => Response.json({ orders: [{ note: `for ${ID}` }] })],
    ["a field's name", () => Response.json({ patient: { diagnosis: "made-up influenza" } })],
    ["text", () => new Response(`for ${ID}`)],
    ["a page", () => typed("text/html; charset=utf-8", `<p>${ID}</p>`)],
    ["no content type", () => new Response(new TextEncoder().encode(ID))],
    ["a picture that is text", () => typed("image/svg+xml", `<svg><text>${ID}</text></svg>`)],
    ["a value cut by the stream", () => new Response(stream(ID.slice(0, 9), ID.slice(9)))],
    ["too long a body", () => new Response("a".repeat(SCAN_LIMITS.characters + 1))],
    ["compressed bytes", () => new Response("x", { headers: { "content-encoding": "gzip" } })],
    ["another charset", () => typed("text/html; charset=gbk", "x")],
    ["bytes that are no text", () => new Response(new Uint8Array([0xff, 0xfe]))],
    ["text among bytes of an unknown kind", () => typed("application/octet-stream", unknown())],
    ["a stream of events", () => typed("text/event-stream", stream("data: 1\n\n"))],
  ])("WX-4.4.6c, TC-D6.2a: blocks %s", async (_what, make) => {
    await refused(await answer("block", make));
  });

  it("leaves a clean answer as it is", async () => {
    const response = await answer("block", () => {
      const clean = Response.json({ id: 7 }, { status: 201, headers: { etag: '"a"' } });
      clean.headers.append("set-cookie", "a=1");
      clean.headers.append("set-cookie", "b=2");
      return clean;
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("etag")).toBe('"a"');
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.json()).toEqual({ id: 7 });
    expect((await answer("block", () => new Response(null, { status: 204 }))).status).toBe(204);
  });

  it("lets bytes of an unknown kind pass that hold nothing, and masks none", async () => {
    const make = (text: string) => (): Response => typed("application/octet-stream", unknown(text));
    expect((await (await answer("block", make("sent"))).arrayBuffer()).byteLength).toBe(8);
    await refused(await answer("redact", make(ID)));
  });

  it("does not look into pictures and archives", async () => {
    const make = (): Response => typed("image/png", ID);
    expect(await (await answer("block", make)).text()).toBe(ID);
  });

  it("WX-4.4.6c: masks JSON and text, and says how long they are", async () => {
    const json = await answer("redact", () =>
      Response.json(
        { note: `for ${ID}`, patient: { diagnosis: "made-up influenza" }, big: 7 },
        { headers: { etag: '"a"', "content-length": "9" } },
      ),
    );
    const body = await json.text();
    expect(json.headers.get("content-length")).toBe(String(Buffer.byteLength(body)));
    expect(json.headers.get("etag")).toBeNull();
    expect(JSON.parse(body)).toMatchObject({ big: 7 });
    expect(body).not.toMatch(/influenza|0105194912/);
    const text = await (await answer("redact", () => new Response(`für ${ID}.`))).text();
    expect(text).toMatch(/^für .*\*.*\.$/);
    expect(text).not.toContain(ID);
  });

  it("keeps what an answer says of others than its body", async () => {
    const response = await answer("block", () =>
      Response.json(
        { ID },
        { headers: { "access-control-allow-origin": "*", etag: '"a"', "content-length": "27" } },
      ),
    );
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("etag")).toBeNull();
    expect(response.headers.get("content-length")).toBeNull();
    expect(response.headers.get("cache-control")).toBe("no-store");
    await refused(response);
  });

  it("ends a stream that it does not read to the end", async () => {
    let ended = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
      cancel: () => void (ended = true),
    });
    await refused(await answer("block", () => new Response(endless)));
    expect(ended).toBe(true);
  });

  it("only tells in mode report, whatever the body", async () => {
    const found: string[] = [];
    const watched = guardHandler(guardIn("report", found), () => Response.json({ note: ID }));
    expect(await (await watched(request)).json()).toEqual({ note: ID });
    await expect.poll(() => found).toEqual(["id-document.cn-id-number"]);
    const long = "a".repeat(SCAN_LIMITS.characters + 1);
    expect(await (await answer("report", () => new Response(long))).text()).toBe(long);
    const events = typed("text/event-stream", stream("data: 1\n\n"));
    expect(await answer("report", () => events)).toBe(events);
  });

  it("stands behind Hono, with its arguments, and lets its errors pass", async () => {
    const app = new Hono<{ Bindings: { note: string } }>();
    app.get("/note", (c) => c.json({ note: c.env.note }));
    const handler = guardHandler(guardIn("block"), (req: Request, env: { note: string }) =>
      app.fetch(req, env),
    );
    const note = new Request("http://shop.example/note");
    expect(await (await handler(note, { note: "sent" })).json()).toEqual({ note: "sent" });
    await refused(await handler(note, { note: ID }));
    const broken = guardHandler(guardIn("block"), () => Promise.reject(new TypeError("mine")));
    await expect(broken(request)).rejects.toThrow("mine");
  });
});
