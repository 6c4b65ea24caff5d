import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import Koa from "koa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Fixture, openFixture, row } from "../privacy.fixture.ts";
import { expressPurpose, koaPurpose } from "./route-purpose.ts";

let shop: Fixture;
const servers: Server[] = [];
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
  await shop.give("lin", "delivery");
});
afterAll(async () => {
  for (const server of servers) server.close();
  await shop.privacy.close();
});

async function read(): Promise<object> {
  const reader = await shop.privacy.access.forRoute("lin");
  return reader.read("order", row("lin") as never);
}

function expressApp(): ReturnType<typeof createServer> {
  const app = express();
  const serve: express.RequestHandler = async (_request, response) =>
    void response.json(await read());
  app.get("/delivery", expressPurpose("delivery"), serve);
  app.get("/marketing", expressPurpose("marketing"), serve);
  app.get("/forgotten", serve);
  return createServer(app);
}

function koaApp(): ReturnType<typeof createServer> {
  const app = new Koa();
  app.use((context, next) =>
    context.path === "/forgotten" ? next() : koaPurpose(context.path.slice(1))(context, next),
  );
  app.use(async (context) => {
    context.body = await read();
  });
  const listener = app.callback();
  return createServer((request, response) => void listener(request, response));
}

describe.each([
  ["Express", expressApp],
  ["Koa", koaApp],
])("in %s a route", (_framework, app) => {
  it("WX-4.4.4b: reads for its own purpose, many at once, and a forgotten purpose is denied", async () => {
    const server = app();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const paths = Array.from(
      { length: 30 },
      (_, i) => ["delivery", "marketing", "forgotten"][i % 3]!,
    );
    const answers = await Promise.all(
      paths.map(async (path) => (await fetch(`http://127.0.0.1:${port}/${path}`)).json()),
    );
    const expected: { readonly [path: string]: object } = {
      delivery: { permitted: true },
      marketing: { reason: "consent-missing" },
      forgotten: { reason: "purpose-unknown" },
    };
    expect(answers).toMatchObject(paths.map((path) => expected[path]));
  });
});
