import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoServer, startDemo } from "../support/demo-server.ts";

/** So soon after it was killed a process serves again, and after as long again its work is done. */
let readyMs = 10_000;

let dir: string;
let demo: DemoServer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "restart-"));
  const startedAt = performance.now();
  demo = await startDemo(dir);
  // On a machine that has much else to do: as soon as when it made its databases.
  readyMs = Math.max(readyMs, performance.now() - startedAt);
});
afterAll(async () => {
  await demo.stop();
  await rm(dir, { recursive: true });
});

function refuse(at: DemoServer, as: string) {
  const decision = {
    decisionId: randomUUID(),
    purpose: "marketing",
    decision: "refused",
    counter: 0,
    at: new Date().toISOString(),
  };
  return at.call("POST", "/privacy/consents", as, { decisions: [decision] });
}

describe("a process that is killed", () => {
  it("while it writes, loses nothing it has acknowledged", async () => {
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; ; i++) {
        const subject = `killed-${writer}-${i}`;
        const answer = await refuse(demo, subject).catch(() => undefined);
        if (answer === undefined) return;
        if (answer.status === 201) acknowledged.push(subject);
      }
    });
    while (acknowledged.length < 60) await new Promise((resolve) => setTimeout(resolve, 5));
    await demo.kill();
    const killedAt = performance.now();
    await Promise.all(writers);

    demo = await startDemo(dir);
    expect(performance.now() - killedAt).toBeLessThan(readyMs);
    const states = await Promise.all(
      acknowledged.map((subject) => demo.call("GET", "/privacy/consents", subject)),
    );
    const lost = states.filter(({ body }) => {
      const consents = body["consents"] as readonly { purpose: string; status: string }[];
      return consents.find(({ purpose }) => purpose === "marketing")?.status !== "refused";
    });
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    expect(lost).toEqual([]);
  });

  it("with an erasure just accepted, finishes it when it is back", async () => {
    const { body: notice } = await demo.call(
      "GET",
      "/privacy/notice?language=en&purposes=delivery",
      "interrupted",
    );
    const decision = {
      decisionId: randomUUID(),
      purpose: "delivery",
      decision: "given",
      notice: notice["token"],
      counter: 0,
      at: new Date().toISOString(),
    };
    await demo.call("POST", "/privacy/consents", "interrupted", { decisions: [decision] });
    const order = {
      item: "bread",
      phone: "13912345678",
      address: "Garden Road 8",
      allergy: null,
      note: "ring twice",
    };
    expect((await demo.call("POST", "/orders", "interrupted", order)).status).toBe(201);
    const { body: opened } = await demo.call("POST", "/privacy/requests", "interrupted", {
      kind: "erase",
    });
    await demo.kill();
    const killedAt = performance.now();

    demo = await startDemo(dir);
    const headers = { "x-request-token": opened["requestToken"] as string };
    const settled = async (): Promise<{ readonly [name: string]: unknown }> => {
      const { body } = await demo.call(
        "GET",
        `/privacy/requests/${String(opened["id"])}`,
        "interrupted",
        undefined,
        headers,
      );
      if (body["state"] === "fulfilled") return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return settled();
    };
    const request = await settled();
    expect(performance.now() - killedAt).toBeLessThan(2 * readyMs);
    const outcomes = request["outcomes"] as readonly { countAfter: number }[];
    expect(outcomes.every(({ countAfter }) => countAfter === 0)).toBe(true);
    const { body: data } = await demo.call("GET", "/privacy/data", "interrupted");
    expect(data).toEqual({ records: { order: [], note: [] } });
  });

  it("asked to end by SIGTERM, ends well and soon", async () => {
    expect(await demo.stop()).toBe(0);
    demo = await startDemo(dir);
  });
});
