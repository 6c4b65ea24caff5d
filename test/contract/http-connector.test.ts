import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { type Connector, httpConnector, serveConnector } from "@miniprivacy/node";
import { connectorContract } from "@miniprivacy/node/testing";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { connectCourier } from "../../docs/examples/guides/connect-processor.ts";
import { memoryNotes } from "./memory-notes.ts";
import { policy } from "./note-policy.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const record = personalRecord(policy, "note", {
  name: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("note", z.string()),
});
const lin = { tenant: "", subjectId: "lin" };
const options = {
  url: "https://courier.example/privacy",
  secret: SECRET,
  records: { note: { key: "name" } },
  answersReads: true,
  separatesTenants: true,
  keptDays: 0,
};
const unavailable = { code: "ERR_STORE_UNAVAILABLE" };

/** A controller's connector to a processor's in the same process. */
function joined(served: Connector, change: Partial<typeof options> = {}, clock?: () => number) {
  const handle = serveConnector({
    secret: SECRET,
    connector: served,
    records: [record],
    ...(clock && { clock }),
  });
  const statuses: number[] = [];
  const fetch = async (url: URL, init: RequestInit): Promise<Response> => {
    const response = await handle(new Request(url, init));
    statuses.push(response.status);
    return response;
  };
  return { connector: httpConnector({ ...options, ...change, fetch: fetch as never }), statuses };
}

describe("httpConnector and serveConnector", () => {
  it.each(
    connectorContract(async () => {
      const notes = memoryNotes();
      return { ...notes, connector: joined(notes.connector).connector };
    }),
  )("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  it("PIPL-21: carry out nothing that another has signed, or that is old", async () => {
    const notes = memoryNotes();
    await notes.plant({ name: "a", memberId: "lin", text: "one", tenant: "" });
    const foreign = joined(notes.connector, { secret: OTHER });
    await expect(foreign.connector.erase(record, lin)).rejects.toMatchObject(unavailable);
    const late = joined(notes.connector, {}, () => Date.now() + 6 * 60_000);
    await expect(late.connector.erase(record, lin)).rejects.toMatchObject(unavailable);
    expect([foreign.statuses, late.statuses]).toEqual([[401], [401]]);
    expect(await notes.all()).toHaveLength(1);
  });

  it("tell nothing of what failed", async () => {
    const notes = memoryNotes();
    const failing = async () => Promise.reject(new Error("row of who-4711"));
    const { connector, statuses } = joined({ ...notes.connector, find: failing });
    const failure: unknown = await connector.find(record, lin).catch((error) => error);
    expect(failure).toMatchObject(unavailable);
    expect(JSON.stringify(failure) + String(failure)).not.toContain("4711");
    expect(statuses).toEqual([503]);
  });
});

/** After Standard Webhooks, by itself. */
function signed(body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac("sha256", Buffer.alloc(32, 7)).update(`m1.${timestamp}.${body}`);
  return {
    "webhook-id": "m1",
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,old v1,${mac.digest("base64")}`,
  };
}

describe("serveConnector", () => {
  const handle = serveConnector({
    secret: SECRET,
    connector: memoryNotes().connector,
    records: [record],
  });
  const post = (init: RequestInit): Promise<Response> =>
    handle(new Request("https://courier.example/privacy", { method: "POST", ...init }));

  it.each([
    ["nothing", {}],
    [
      "an empty signature",
      { "webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": "" },
    ],
    ["a time that is none", { "webhook-id": "m", "webhook-timestamp": "x" }],
  ])("is deaf to %s", async (_what, headers) => {
    expect((await post({ body: "{}", headers })).status).toBe(401);
  });

  it("takes no other method, and no body without end", async () => {
    expect((await handle(new Request("https://courier.example/privacy"))).status).toBe(405);
    expect((await post({ body: "x".repeat(1_048_577) })).status).toBe(413);
  });

  it.each([
    "",
    "[]",
    "{}",
    '{"type":"drop"}',
    '{"type":"find","record":"none","tenant":"","subjectId":"a"}',
  ])("a signed message that is none is refused: %s", async (body) => {
    expect((await post({ body, headers: signed(body) })).status).toBe(400);
  });
});

describe("httpConnector", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());
  afterAll(() => server?.closeAllConnections());

  async function answering(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<Connector> {
    const listening = createServer(answer);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const { port } = listening.address() as AddressInfo;
    return connectCourier(`http://127.0.0.1:${port}/`, SECRET);
  }

  it.each([
    ["500", (response: ServerResponse) => response.writeHead(500).end("who-4711")],
    ["a redirect", (response: ServerResponse) => response.writeHead(307, { location: "/" }).end()],
    ["no JSON", (response: ServerResponse) => response.end("who-4711")],
    ["no rows", (response: ServerResponse) => response.end('{"rows":7}')],
    ["nothing", (response: ServerResponse) => response.destroy()],
    ["an answer without end", (response: ServerResponse) => response.end("x".repeat(16_777_217))],
  ])("believes no processor that answers %s", async (_what, answer) => {
    const connector = await answering((request, response) => {
      request.resume();
      answer(response);
    });
    const failure: unknown = await connector.find(record, lin).catch((error) => error);
    expect(failure).toMatchObject(unavailable);
    expect(String(failure)).not.toContain("4711");
  });

  it("names nobody in a url or a header", async () => {
    let told = "";
    const connector = await answering((request, response) => {
      told = JSON.stringify([request.url, request.rawHeaders]);
      request.resume();
      response.end('{"count":1}');
    });
    expect(await connector.count(record, { tenant: "", subjectId: "who-4711" })).toBe(1);
    expect(told).not.toContain("4711");
  });

  it.each([
    "http://courier.example/",
    "https://u:p@courier.example/",
    "ftp://courier.example/",
    "x",
  ])("reaches no %s", (url) => expect(() => httpConnector({ ...options, url })).toThrow(TypeError));

  it.each(["", "secret", "whsec_", `whsec_${Buffer.alloc(23).toString("base64")}`, "whsec_*"])(
    "takes no secret that is too short, or none: %s",
    (secret) => {
      expect(() => httpConnector({ ...options, secret })).toThrow(TypeError);
      expect(() =>
        serveConnector({ secret, connector: memoryNotes().connector, records: [] }),
      ).toThrow(TypeError);
    },
  );

  it.each([
    [true, "read-back"],
    [false, "acknowledgement"],
  ] as const)(
    "WX-4.4.7c: that answers reads: %s, gives %s as evidence",
    (answersReads, evidence) => {
      expect(httpConnector({ ...options, answersReads }).evidence).toBe(evidence);
    },
  );
});
