import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { httpConnector, serveConnector } from "@miniprivacy/node";
import { memoryDatabase } from "@miniprivacy/node/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Fixture,
  memoryStore,
  openFixture,
  order,
  row,
} from "../../packages/node/src/privacy.fixture.ts";
import { askErasure, expectErased, expectFailing } from "../support/asked-erasure.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** What the processor does with messages to erase: carries them out, or one of these. */
type Trouble = "answers 500" | "never answers" | "carries it out and its answer is lost";

describe("a processor over HTTP", () => {
  const processor = memoryStore();
  let trouble: Trouble | undefined;
  let erasures = 0;
  let server: Server;
  let shop: Fixture;

  beforeAll(async () => {
    const serve = serveConnector({
      secret: SECRET,
      connector: processor.connector,
      records: [order],
    });
    server = createServer((request, response) => {
      void answer(serve, request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const courier = httpConnector({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      secret: SECRET,
      records: { order: { key: "id" } },
      answersReads: true,
      keptDays: 0,
    });
    const own = memoryStore();
    own.rows.push(row("bystander"));
    shop = await openFixture(await memoryDatabase(), {
      store: own,
      connectors: { courier, shop: own.connector },
      storeTimeoutMs: 500,
    });
  });
  afterAll(async () => {
    await shop?.privacy.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function answer(
    serve: ReturnType<typeof serveConnector>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await buffer(request);
    const isErasure = body.includes('"type":"erase"');
    if (isErasure) erasures++;
    if (isErasure && trouble === "answers 500") return void response.writeHead(500).end();
    if (isErasure && trouble === "never answers") return;
    const headers = new Headers(request.headers as Record<string, string>);
    const url = `http://127.0.0.1${request.url}`;
    const answered = await serve(new Request(url, { method: "POST", headers, body }));
    if (isErasure && trouble !== undefined) return void request.socket.destroy();
    response.writeHead(answered.status, { "content-type": "application/json" });
    response.end(await answered.text());
  }

  it.each<Trouble>(["answers 500", "never answers", "carries it out and its answer is lost"])(
    "that %s leaves the erasure open, and is told again until it is true",
    async (kind) => {
      const member = `member of one that ${kind}`;
      await shop.give(member, "delivery");
      processor.rows = [row(member), row("bystander")];
      shop.store.rows = [row(member), row("bystander")];
      erasures = 0;
      trouble = kind;
      const asked = await askErasure(shop, member);
      await expectFailing(asked, "courier");
      await expect.poll(() => erasures, { interval: 20 }).toBeGreaterThan(1);
      expect((await asked.view()).state).toBe("executing");
      trouble = undefined;
      await shop.privacy.idle();
      await expectErased(asked, ["courier", "shop"]);
      expect([processor.rows, shop.store.rows]).toEqual([[row("bystander")], [row("bystander")]]);
    },
  );
});
