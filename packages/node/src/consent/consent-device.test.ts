import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { type Answer, decision, type Fixture, openFixture } from "../privacy.fixture.ts";

let shop: Fixture;
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
});
afterAll(() => shop.privacy.close());

const newDevice = (): string => randomBytes(16).toString("base64url");

/** Calls as a device, and as a person on it when `as` names one. */
function call(device: string, method: string, path: string, as?: string, body?: object) {
  const headers = { "x-privacy-device": device };
  return shop.call(method, path, { headers, ...(as && { as }), ...(body && { body }) });
}
async function token(device: string, as?: string): Promise<unknown> {
  const path = "/notice?language=en&purposes=delivery";
  return (await call(device, "GET", path, as)).body["token"];
}
function post(device: string, sent: object, as?: string): Promise<Answer> {
  return call(device, "POST", "/consents", as, { decisions: [sent] });
}
async function give(device: string, as?: string): Promise<Answer> {
  return post(device, decision({ notice: await token(device, as) }), as);
}
async function deny(device: string, as?: string): Promise<Answer> {
  return post(device, decision({ decision: "refused" }), as);
}
async function status(device: string, as?: string): Promise<unknown> {
  const { body } = await call(device, "GET", "/consents", as);
  return (body["consents"] as { status: string }[])[0]!.status;
}
const code = ({ body }: Answer): unknown =>
  (body["results"] as { code?: string }[] | undefined)?.[0]!.code ?? body["code"];

describe("a device before anybody signed in", () => {
  it("WX-4.4.3: decides for itself alone, on a notice of its own", async () => {
    const [one, other] = [newDevice(), newDevice()];
    const notice = await token(one);
    expect(code(await post(other, decision({ notice })))).toBe("ERR_NOTICE_STALE");
    expect((await post(one, decision({ notice }))).status).toBe(201);
    expect([await status(one), await status(other)]).toEqual(["given", "unknown"]);
    await call(one, "DELETE", "/consents/delivery");
    expect(await status(one)).toBe("withdrawn");
  });

  it("looking makes it known to nobody", async () => {
    const count = () => shop.database.tables.selectFrom("subject").select("ref").execute();
    const before = await count();
    await token(newDevice());
    await status(newDevice());
    expect(await count()).toEqual(before);
  });

  it.each([
    "",
    "short",
    "A".repeat(23),
    "A".repeat(21) + "B",
    "A".repeat(21) + "=",
    "ä".repeat(22),
  ])("with %j for a secret is refused, and nothing of it comes back", async (secret) => {
    const answer = await call(encodeURIComponent(secret), "GET", "/consents");
    expect([answer.status, answer.body["code"]]).toEqual([400, "ERR_INPUT_INVALID"]);
    if (secret !== "") expect(answer.text).not.toContain(secret);
  });

  it("opens no other route", async () => {
    const device = newDevice();
    for (const path of ["/data", "/requests", "/data/export"])
      expect((await call(device, "GET", path)).status).toBe(401);
  });
});

describe("the first sign-in on a device", () => {
  it("WX-4.4.3: makes its decisions the person's, with the same receipts", async () => {
    const device = newDevice();
    const sent = decision({ notice: await token(device) });
    const first = await post(device, sent);
    expect(await status(device, "linked-1")).toBe("given");
    const { body } = await shop.call("GET", "/consents", { as: "linked-1" });
    const [{ receipt }] = body["consents"] as [{ receipt: string }];
    expect(first.text).toContain(receipt);
    expect((await post(device, sent, "linked-1")).text).toBe(first.text);
    const both = newDevice();
    const refusal = decision({ decision: "refused" });
    await post(both, refusal);
    await shop.call("POST", "/consents", { as: "linked-1", body: { decisions: [refusal] } });
    await shop.give("linked-1", "delivery");
    expect(await status(both, "linked-1")).toBe("given");
  });

  it("lets a denial of either win", async () => {
    const denying = newDevice();
    await shop.give("linked-2", "delivery");
    await deny(denying);
    expect(await status(denying, "linked-2")).toBe("refused");
    const granting = newDevice();
    await shop.call("DELETE", "/consents/delivery", { as: "linked-3" });
    await give(granting);
    expect(await status(granting, "linked-3")).toBe("withdrawn");
  });

  it("is the end of the device as a subject of its own", async () => {
    const device = newDevice();
    await give(device);
    await status(device, "linked-4");
    for (const answer of [
      await call(device, "GET", "/consents"),
      await call(device, "GET", "/notice?purposes=delivery"),
      await deny(device),
    ])
      expect([answer.status, code(answer)]).toEqual([401, "ERR_DEVICE_LINKED"]);
    expect(await status(device, "linked-4")).toBe("given");
    expect(await status(device, "somebody-else")).toBe("unknown");
  });

  it("takes a grant that was on its way on the device's notice", async () => {
    const device = newDevice();
    const notice = await token(device);
    await deny(device);
    await status(device, "linked-5");
    expect(code(await post(device, decision({ notice }), "linked-5"))).toBe("ERR_NOTICE_STALE");
    const late = newDevice();
    const early = await token(late);
    await post(late, decision({ purpose: "marketing", decision: "refused" }));
    await status(late, "linked-6");
    expect((await post(late, decision({ notice: early }), "linked-6")).status).toBe(201);
  });

  it("racing with decisions of the device loses none of its denials", async () => {
    for (let round = 0; round < 12; round++) {
      const device = newDevice();
      const as = `racing-${round}`;
      await give(device);
      const [denied] = await Promise.all([deny(device), status(device, as)]);
      if (denied.status === 201) expect(await status(device, as)).toBe("refused");
      else expect(code(denied)).toBe("ERR_DEVICE_LINKED");
    }
  });

  it("twice at once links once", async () => {
    const device = newDevice();
    await give(device);
    await Promise.all([1, 2, 3].map(() => status(device, "linked-7")));
    const events = await shop.database.tables
      .selectFrom("log_event")
      .select("leaf_index")
      .where("kind", "=", "device-link")
      .where("body", "is not", null)
      .execute();
    const again = await status(device, "linked-7");
    expect(again).toBe("given");
    const later = await shop.database.tables
      .selectFrom("log_event")
      .select("leaf_index")
      .where("kind", "=", "device-link")
      .execute();
    expect(later).toHaveLength(events.length);
  });

  it("WX-4.4.7c: an erasure takes the device along", async () => {
    const device = newDevice();
    await give(device);
    await status(device, "linked-8");
    await shop.call("POST", "/requests", { as: "linked-8", body: { kind: "erase" } });
    await shop.privacy.idle();
    expect(code(await call(device, "GET", "/consents"))).toBe("ERR_DEVICE_LINKED");
    const { rows } = await countDevices();
    expect(rows).toBe(0);
  });

  it("WX-4.4.3: what a device sent before an erasure permits nothing when it is delivered again", async () => {
    const device = newDevice();
    const sent = decision({ notice: await token(device) });
    await post(device, sent);
    await status(device, "linked-9");
    await call(device, "DELETE", "/consents/delivery", "linked-9");
    await shop.call("POST", "/requests", { as: "linked-9", body: { kind: "erase" } });
    await shop.privacy.idle();
    expect(code(await post(device, sent))).toBe("ERR_DEVICE_LINKED");
    expect(await status(device, "linked-9")).toBe("unknown");
    expect(code(await post(device, sent, "linked-9"))).toBe("ERR_NOTICE_STALE");
  });

  it("answers a notice it was served before it was hers, also where it had decided nothing", async () => {
    const device = newDevice();
    const notice = await token(device);
    expect((await post(device, decision({ notice }), "linked-12")).status).toBe(201);
  });

  it("PIPL-15: what she decided here is taken for nobody else's once her session has ended", async () => {
    const device = newDevice();
    await give(device, "linked-10");
    const withdrawal = decision({ decision: "withdrawn", counter: 1 });
    expect(code(await post(device, withdrawal))).toBe("ERR_DEVICE_LINKED");
    await shop.give("linked-11", "delivery");
    expect(await status(device, "linked-11")).toBe("given");
    expect((await post(device, withdrawal, "linked-10")).status).toBe(201);
    expect(await status(device, "linked-10")).toBe("withdrawn");
  });
});

async function countDevices(): Promise<{ rows: number }> {
  const links = await shop.database.tables
    .selectFrom("subject")
    .select(["ref", "linked_to"])
    .where("linked_to", "is not", null)
    .execute();
  const refs = new Set(
    (await shop.database.tables.selectFrom("subject").select("ref").execute()).map(
      ({ ref }) => ref,
    ),
  );
  return {
    rows: links.filter(({ linked_to }) => linked_to !== "" && !refs.has(linked_to!)).length,
  };
}
