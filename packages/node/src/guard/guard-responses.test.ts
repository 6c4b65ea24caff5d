import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { getRequestListener } from "@hono/node-server";
import { createGuard, SCAN_LIMITS } from "@miniprivacy/core/sensitive-data";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { afterAll, describe, expect, it } from "vitest";
import { guardResponses } from "./guard-responses.ts";

/** Made up: the sample number of GB 11643. */
const ID = "11010519491231002X";
type Mode = "block" | "redact" | "report";

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const guardIn = (mode: Mode, found: string[] = []) =>
  createGuard({
    profile: "tcmpp-strict",
    mode,
    onFinding: ({ category }) => void found.push(category),
  });

/** What a route behind the guard answers. */
async function answer(mode: Mode, route: RequestListener): Promise<Response> {
  const guard = guardResponses(guardIn(mode));
  const url = await listen((request, response) =>
    guard(request, response, () => route(request, response)),
  );
  return fetch(url);
}

async function refused(response: Response): Promise<void> {
  expect(response.status).toBe(500);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(Object.keys((await response.clone().json()) as object)).toEqual(["code", "requestId"]);
  expect(await response.json()).toMatchObject({ code: "ERR_SENSITIVE_DATA_FOUND" });
}

/** The same three routes in every framework, each behind the guard. */
const FRAMEWORKS: { readonly [name: string]: (mode: Mode) => Promise<string> | string } = {
  "Express 5": (mode) => {
    const app = express();
    app.use(guardResponses(guardIn(mode)));
    app.get("/clean", (_request, response) => void response.json({ note: "sent" }));
    app.get("/found", (_request, response) => void response.json({ note: `for ${ID}` }));
    app.get("/stream", (_request, response) => void Readable.from(halves()).pipe(response));
    return listen(app);
  },
  "Koa 3": (mode) => {
    const guard = guardResponses(guardIn(mode));
    const app = new Koa();
    app.use((context, next) => guard(context.req, context.res, next));
    app.use((context) => {
      if (context.path === "/stream") context.body = Readable.from(halves());
      else context.body = { note: context.path === "/found" ? `for ${ID}` : "sent" };
    });
    const callback = app.callback();
    return listen((request, response) => void callback(request, response));
  },
  "Fastify 5": async (mode) => {
    const guard = guardResponses(guardIn(mode));
    const app = fastify({
      serverFactory: (handler) =>
        createServer((request, response) =>
          guard(request, response, () => handler(request, response)),
        ),
    });
    app.get("/clean", () => ({ note: "sent" }));
    app.get("/found", () => ({ note: `for ${ID}` }));
    app.get("/stream", (_request, reply) => reply.send(Readable.from(halves())));
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    servers.push(app.server);
    return url;
  },
  "Hono on node:http": (mode) => {
    const guard = guardResponses(guardIn(mode));
    const app = new Hono();
    app.get("/clean", (c) => c.json({ note: "sent" }));
    app.get("/found", (c) => c.json({ note: `for ${ID}` }));
    app.get("/stream", (c) => c.body(Readable.toWeb(Readable.from(halves())) as ReadableStream));
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    return listen((request, response) =>
      guard(request, response, () => void listener(request, response)),
    );
  },
};
const halves = (): readonly Buffer[] => [Buffer.from(ID.slice(0, 9)), Buffer.from(ID.slice(9))];

describe.each(Object.keys(FRAMEWORKS))("guardResponses in %s", (framework) => {
  it("WX-4.4.6c, TC-D6.2a: blocks an answer with a finding, and no other", async () => {
    const url = await FRAMEWORKS[framework]!("block");
    await refused(await fetch(`${url}/found`));
    await refused(await fetch(`${url}/stream`));
    const clean = await fetch(`${url}/clean`);
    expect([clean.status, await clean.json()]).toEqual([200, { note: "sent" }]);
    expect((await fetch(`${url}/clean`, { method: "HEAD" })).status).toBe(200);
  });

  it("WX-4.4.6c: masks it in mode redact", async () => {
    const url = await FRAMEWORKS[framework]!("redact");
    const found = await fetch(`${url}/found`);
    expect(found.status).toBe(200);
    const body = await found.text();
    expect(found.headers.get("content-length")).toBe(String(Buffer.byteLength(body)));
    expect(body).not.toContain(ID);
    expect((JSON.parse(body) as { note: string }).note).toMatch(/^for .*\*/);
    expect(await (await fetch(`${url}/clean`)).json()).toEqual({ note: "sent" });
  });
});

describe("guardResponses", () => {
  it("keeps status and headers however they are written", async () => {
    const response = await answer("block", (_request, out) => {
      out.setHeader("x-kept", "1");
      out.writeHead(
        201,
        "Made",
        ["content-type", "text/plain", "set-cookie", "a=1"].concat("set-cookie", "b=2"),
      );
      out.write("se", "utf8", () => out.end(Buffer.from("nt")));
    });
    expect([response.status, response.statusText]).toEqual([201, "Made"]);
    expect(response.headers.get("x-kept")).toBe("1");
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await response.text()).toBe("sent");
  });

  it("calls back when the answer is sent, also in another encoding", async () => {
    let called = 0;
    const response = await answer("block", (_request, out) => {
      out.writeHead(200, { "content-type": "text/plain" });
      out.end("c2VudA==", "base64", () => void called++);
    });
    expect(await response.text()).toBe("sent");
    await expect.poll(() => called).toBe(1);
  });

  it.each<[string, RequestListener]>([
    ["too long a body", (_request, out) => void Readable.from(long()).pipe(out)],
    [
      "compressed bytes",
      (_request, out) => {
        out.setHeader("content-encoding", "gzip");
        Readable.from(["sent"]).pipe(createGzip()).pipe(out);
      },
    ],
    [
      "a stream of events",
      (_request, out) => {
        out.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
        out.write("data: 1\n\n");
        out.end();
      },
    ],
    [
      "a type that changes under way",
      (_request, out) => {
        out.write(ID.slice(0, 9));
        out.setHeader("content-type", "image/png");
        out.end(ID.slice(9));
      },
    ],
  ])("WX-4.4.6c: refuses %s once, whatever the route does then", async (_what, route) => {
    await refused(await answer("block", route));
  });

  it("refuses when the guard breaks", async () => {
    const guard = guardResponses({
      ...guardIn("block"),
      inspect: () => {
        throw new Error(ID);
      },
    });
    const url = await listen((request, response) =>
      guard(request, response, () => response.end("sent")),
    );
    await refused(await fetch(url));
  });

  it("adds no second answer to one that broke off", async () => {
    const app = express();
    app.use(guardResponses(guardIn("block")));
    app.get("/", (_request, response) => {
      response.write("half");
      throw new TypeError("broken");
    });
    await expect(fetch(await listen(app))).rejects.toThrow("fetch failed");
  });

  it("sends pictures as they are written", async () => {
    const response = await answer("block", (_request, out) => {
      out.writeHead(200, { "content-type": "image/png" }).flushHeaders();
      out.write(ID);
      out.end();
    });
    expect(await response.text()).toBe(ID);
  });

  it("is looked through under what compresses, mounted before it", async () => {
    const guard = guardResponses(guardIn("redact"));
    const url = await listen((request, response) => {
      // As compression middleware does it: the outer `end` is the one that it has put there.
      const { end } = response;
      response.end = ((chunk: Buffer) => {
        response.setHeader("x-outer", "1");
        return end.call(response, chunk, "utf8");
      }) as never;
      guard(request, response, () => response.end(`for ${ID}`));
    });
    const response = await fetch(url);
    expect(response.headers.get("x-outer")).toBe("1");
    expect(await response.text()).toMatch(/^for .*\*/);
  });

  it("only tells in mode report", async () => {
    const found: string[] = [];
    const guard = guardResponses(guardIn("report", found));
    const url = await listen((request, response) =>
      guard(request, response, () => {
        response.write(ID.slice(0, 9));
        response.end(ID.slice(9));
      }),
    );
    expect(await (await fetch(url)).text()).toBe(ID);
    expect(found).toEqual(["id-document.cn-id-number"]);
    const sent = long().join("");
    const response = await answer(
      "report",
      (_request, out) => void Readable.from(long()).pipe(out),
    );
    expect(await response.text()).toBe(sent);
  });
});

const long = (): readonly string[] =>
  Array.from({ length: 5 }, () => "a".repeat(SCAN_LIMITS.characters / 4));
