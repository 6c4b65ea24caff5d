import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { decision, type Fixture, openFixture } from "../privacy.fixture.ts";
import { expressMiddleware } from "./express-middleware.ts";
import { fastifyPlugin } from "./fastify-plugin.ts";
import { koaMiddleware } from "./koa-middleware.ts";
import { nodeListener } from "./node-listener.ts";

let shop: Fixture;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
});
afterAll(async () => {
  for (const close of closing) await close();
  await shop.privacy.close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const MARK = "13987650000";
const LIN = ["host: a", "x-test-subject: lin"];
/** The host's own route beside ours, in every framework. */
const OWN = "own page";
const MOUNTS: { readonly [framework: string]: () => Promise<string> } = {
  "node:http": () => {
    const listener = nodeListener(shop.privacy);
    return listen(
      createServer((request, response) =>
        request.url === "/own" ? response.end(OWN) : listener(request, response),
      ),
    );
  },
  "Express 5": () => {
    const app = express();
    app.use(expressMiddleware(shop.privacy));
    app.use(express.json());
    app.get("/own", (_request, response) => void response.send(OWN));
    return listen(createServer(app));
  },
  "Express 5, at a path": () => {
    const app = express();
    app.use(shop.privacy.basePath, expressMiddleware(shop.privacy));
    app.get("/own", (_request, response) => void response.send(OWN));
    return listen(createServer(app));
  },
  "Koa 3": () => {
    const app = new Koa();
    app.use(koaMiddleware(shop.privacy));
    app.use((context) => void (context.body = OWN));
    const callback = app.callback();
    return listen(createServer((request, response) => void callback(request, response)));
  },
  "Fastify 5": async () => {
    const app = fastify();
    await app.register(fastifyPlugin(shop.privacy));
    app.get("/own", () => OWN);
    closing.push(() => app.close());
    return app.listen({ port: 0, host: "127.0.0.1" });
  },
  Hono: () => {
    const app = new Hono();
    app.all(`${shop.privacy.basePath}/*`, (c) => shop.privacy.fetch(c.req.raw));
    app.get("/own", (c) => c.text(OWN));
    const listener = getRequestListener(app.fetch);
    return listen(createServer((request, response) => void listener(request, response)));
  },
};

describe.each(Object.keys(MOUNTS))("mounted in %s", (framework) => {
  let url: string;
  beforeAll(async () => {
    url = await MOUNTS[framework]!();
  });
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}/privacy${path}`, {
      ...init,
      headers: { "x-test-subject": framework, "content-type": "application/json" },
    });

  it("takes a decision and tells it back, and leaves the host's own pages alone", async () => {
    const body = JSON.stringify({ decisions: [decision({ decision: "refused" })] });
    const posted = await call("/consents", { method: "POST", body });
    expect(posted.status).toBe(201);
    const { consents } = (await (await call("/consents")).json()) as { consents: object[] };
    expect(consents[0]).toMatchObject({ purpose: "delivery", status: "refused" });
    expect(await (await fetch(`${url}/own`)).text()).toBe(OWN);
  });

  it.each([
    ["broken JSON", "POST", "/consents", "{", 400, "ERR_INPUT_INVALID"],
    ["too large a body", "POST", "/consents", "x".repeat(600_000), 413, "ERR_INPUT_TOO_LARGE"],
    ["an unknown path", "GET", "/nowhere", undefined, 404, "ERR_NOT_FOUND"],
    ["another method", "DELETE", "/consents", undefined, 405, "ERR_METHOD_NOT_ALLOWED"],
  ])("answers %s in our own shape", async (_name, method, path, body, status, code) => {
    const answer = await call(path, { method, ...(body !== undefined && { body }) });
    expect(answer.status).toBe(status);
    const told = (await answer.json()) as object;
    expect(told).toMatchObject({ code });
    expect(Object.keys(told).toSorted()).toEqual(["code", "requestId"]);
  });

  it("serves below its base path only, whatever the query", async () => {
    const beside = await (await fetch(`${url}/privacyx/health`)).text();
    expect(beside).not.toContain('"status":"ok"');
    expect((await call("/health?x=1")).status).toBe(200);
  });
});

describe.each(Object.keys(MOUNTS))("what no browser sends, to %s", (framework) => {
  let port: number;
  beforeAll(async () => {
    port = Number(new URL(await MOUNTS[framework]!()).port);
  });

  /** Sends bytes and reads to the end. */
  async function send(
    lines: readonly string[],
    content = "",
  ): Promise<{ status: number; body: string }> {
    const socket = connect(port, "127.0.0.1");
    socket.end(`${[...lines, "connection: close", ""].join("\r\n")}\r\n${content}`);
    const text = (await socket.toArray()).join("");
    const [head = "", ...rest] = text.split("\r\n\r\n");
    return { status: Number(head.split(" ")[1]), body: rest.join("\r\n\r\n") };
  }

  it.each([
    ["a Host that is none", 400, ["GET /privacy/health HTTP/1.1", "host: a b/"]],
    ["a Host with a user", 400, ["GET /privacy/health HTTP/1.1", `host: ${MARK}@a`]],
    ["no Host", 400, ["GET /privacy/health HTTP/1.0"]],
    ["a backslash", 400, [`GET /privacy/\\${MARK} HTTP/1.1`, "host: a"]],
    ["the base path itself", 404, ["GET /privacy HTTP/1.1", "host: a"]],
    [
      "no content type",
      415,
      ["POST /privacy/consents HTTP/1.1", ...LIN, "content-length: 2"],
      "{}",
    ],
    [
      "a content type that is none",
      415,
      ["POST /privacy/consents HTTP/1.1", ...LIN, `content-type: ;;;${MARK}`, "content-length: 2"],
      "{}",
    ],
    ["two slashes", 404, [`GET /privacy//${MARK} HTTP/1.1`, "host: a"]],
    ["two slashes before a known path", 404, ["GET /privacy//health HTTP/1.1", "host: a"]],
    ["an encoded slash", 404, [`GET /privacy/data%2F${MARK} HTTP/1.1`, "host: a"]],
    ["broken encoding", 404, [`GET /privacy/%zz${MARK} HTTP/1.1`, "host: a"]],
    ["broken UTF-8", 404, [`GET /privacy/%ff%fe${MARK} HTTP/1.1`, "host: a"]],
    [
      "a path that leaves and comes back",
      404,
      ["GET /privacy/../privacy/nowhere HTTP/1.1", "host: a"],
    ],
    ["TRACE", 405, ["TRACE /privacy/health HTTP/1.1", "host: a"]],
    ["OPTIONS", 405, ["OPTIONS /privacy/consents HTTP/1.1", "host: a"]],
    ["a method of WebDAV", 405, ["PROPFIND /privacy/health HTTP/1.1", "host: a"]],
    ["a long path", 404, [`GET /privacy/${MARK.repeat(900)} HTTP/1.1`, "host: a"]],
    ["a long header", 404, ["GET /privacy/nowhere HTTP/1.1", "host: a", `x: ${MARK.repeat(900)}`]],
  ])("%s is refused in our own shape", async (_name, status, lines, content = "") => {
    const answer = await send(lines, content);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(MARK);
    // What makes no request the host's own server refuses before Hono, and says nothing.
    if (framework === "Hono" && status === 400) return expect(answer.body).not.toMatch(/\w{2}/);
    const json = answer.body.slice(answer.body.indexOf("{"), answer.body.lastIndexOf("}") + 1);
    expect(Object.keys(JSON.parse(json) as object).toSorted()).toEqual(["code", "requestId"]);
  });

  it("HEAD is GET without a body", async () => {
    expect(await send(["HEAD /privacy/health HTTP/1.1", "host: a"])).toEqual({
      status: 200,
      body: "",
    });
    expect(await send(["HEAD /privacy/data HTTP/1.1", "host: a"])).toEqual({
      status: 401,
      body: "",
    });
  });
});

describe("a body that was read before", () => {
  it("is said at once, in place of waiting for ever", async () => {
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    const app = express();
    app.use(express.json());
    app.use(expressMiddleware(shop.privacy));
    const url = await listen(createServer(app));
    const answer = await fetch(`${url}/privacy/consents`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-test-subject": "late" },
      body: JSON.stringify({ decisions: [decision()] }),
    });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: "ERR_CONFIG_INVALID" });
    expect((await warned).message).toContain("before any body parser");
    expect((await fetch(`${url}/privacy/health`)).status).toBe(200);
  });
});
