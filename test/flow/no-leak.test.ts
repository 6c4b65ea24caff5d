import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoAnswer, type DemoServer, startDemo } from "../support/demo-server.ts";

/** Values that stand for a person wherever they turn up. */
const MARKS = {
  subject: "marked-subject-4711",
  phone: "13800138473",
  address: "Marked Lane 93",
  note: "marked note 558",
};

let dir: string;
let demo: DemoServer;
const errors: DemoAnswer[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "no-leak-"));
  demo = await startDemo(dir);
});
afterAll(async () => {
  await demo.stop();
  await rm(dir, { recursive: true });
});

async function call(
  method: string,
  path: string,
  body?: object,
  headers?: { readonly [name: string]: string },
) {
  const answer = await demo.call(method, path, MARKS.subject, body, headers);
  if (answer.status >= 400) errors.push(answer);
  return answer;
}

describe("a whole life of one person, marked", () => {
  it("passes through", async () => {
    const { body: notice } = await call("GET", "/privacy/notice?language=zh-CN&purposes=delivery");
    const decision = {
      decisionId: randomUUID(),
      purpose: "delivery",
      decision: "given",
      notice: notice["token"],
      counter: 0,
      at: new Date().toISOString(),
    };
    await call("POST", "/privacy/consents", { decisions: [decision] });
    await call("POST", "/orders", {
      item: "bread",
      phone: MARKS.phone,
      address: MARKS.address,
      allergy: null,
      note: MARKS.note,
    });
    await call("GET", "/orders/label");
    const { body: data } = await call("GET", "/privacy/data");
    const [order] = (data["records"] as { order: { id: string }[] }).order;
    await call("PUT", `/privacy/data/order/${order!.id}`, { address: `${MARKS.address} b` });
    expect(data).toMatchObject({
      records: { order: [{ phone: MARKS.phone }], note: [{ text: MARKS.note }] },
    });
  });

  it("makes every kind of mistake", async () => {
    await call("PUT", "/privacy/data/order/x", { phone: MARKS.phone });
    await call("PUT", "/privacy/data/order/x", { [MARKS.phone]: MARKS.address });
    await call("PUT", `/privacy/data/${MARKS.phone}/x`, { phone: MARKS.phone });
    await call("POST", "/privacy/consents", {
      decisions: [{ purpose: MARKS.phone, note: MARKS.note }],
    });
    await call("POST", "/privacy/requests", { kind: MARKS.note });
    await call("GET", `/privacy/notice?language=${MARKS.phone}`);
    await call("GET", `/privacy/requests/${MARKS.phone}`);
    await call("GET", `/privacy/${MARKS.phone}?phone=${MARKS.phone}`);
    await call(
      "POST",
      "/privacy/staff/breaches",
      { summary: MARKS.note },
      { "x-demo-roles": "privacy-officer" },
    );
    await call("POST", "/orders", { phone: MARKS.phone });
    expect(errors).toHaveLength(10);
  });

  it("nothing of her is in an error or a log line", () => {
    for (const mark of Object.values(MARKS)) {
      expect(errors.map(({ text }) => text).join("\n")).not.toContain(mark);
      expect(demo.output()).not.toContain(mark);
    }
  });

  it("nothing of her is in any byte MiniPrivacy keeps, before and after the erasure", async () => {
    const found = async (): Promise<readonly string[]> => {
      const privacy = join(dir, "privacy");
      const entries = (await readdir(privacy, { recursive: true, withFileTypes: true })).filter(
        (entry) => entry.isFile(),
      );
      const contents = await Promise.all(
        entries.map(({ parentPath, name }) => readFile(join(parentPath, name))),
      );
      return Object.entries(MARKS).flatMap(([kind, mark]) =>
        contents.some((content) => content.includes(mark)) ? [kind] : [],
      );
    };
    await new Promise((resolve) => setTimeout(resolve, 700)); // the access log is written behind, within half a second
    expect(await found()).toEqual([]);
    const { body: opened } = await call("POST", "/privacy/requests", { kind: "erase" });
    const headers = { "x-request-token": opened["requestToken"] as string };
    for (let state: unknown; state !== "fulfilled";) {
      state = (await call("GET", `/privacy/requests/${String(opened["id"])}`, undefined, headers))
        .body["state"];
    }
    expect(await found()).toEqual([]);
  });
});
