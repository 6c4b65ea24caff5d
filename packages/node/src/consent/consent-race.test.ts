import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { decision, type Fixture, openFixture } from "../privacy.fixture.ts";

/** Two processes of one deployment, as far as the database can tell. */
let database: Database;
let one: Fixture;
let two: Fixture;
beforeAll(async () => {
  database = await openTestDatabase();
  const shared = { ...database, close: async () => {} };
  [one, two] = [await openFixture(shared), await openFixture(shared)];
});
afterAll(async () => {
  await one.privacy.close();
  await two.privacy.close();
  await database.close();
});

/** More of them only repeat: that is CI's. */
const ROUNDS = Array.from({ length: process.env["CI"] === "true" ? 40 : 8 }, (_, i) => i);

async function status(as: string): Promise<string> {
  const { body } = await one.call("GET", "/consents", { as });
  return (body["consents"] as { status: string }[])[0]!.status;
}

describe("two processes", () => {
  it("never permit once a grant on an old notice and a withdrawal are both answered", async () => {
    for (const round of ROUNDS) {
      const as = `race-${round}`;
      await one.give(as, "delivery");
      const { body } = await one.call("GET", "/notice?language=en&purposes=delivery", { as });
      const grant = { decisions: [decision({ notice: body["token"] })] };
      const [granted] = await Promise.all([
        one.call("POST", "/consents", { as, body: grant }),
        two.call("DELETE", "/consents/delivery", { as }),
      ]);
      expect([201, 409]).toContain(granted.status);
      expect(await status(as)).toBe("withdrawn");
    }
  });

  it("record a decision sent to both at once exactly once", async () => {
    for (const round of ROUNDS) {
      const as = `twice-${round}`;
      const { body } = await one.call("GET", "/notice?language=en&purposes=delivery", { as });
      const sent = { decisions: [decision({ notice: body["token"] })] };
      const [first, second] = await Promise.all([
        one.call("POST", "/consents", { as, body: sent }),
        two.call("POST", "/consents", { as, body: sent }),
      ]);
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(first.text).toBe(second.text);
    }
  });

  it("never permit on a notice from before an erasure, whatever else is under way", async () => {
    await Promise.all(
      ROUNDS.slice(0, 4).map(async (round) => {
        const as = `again-${round}`;
        const notice = async (): Promise<unknown> =>
          (await two.call("GET", "/notice?language=en&purposes=delivery", { as })).body["token"];
        const grant = async (token: unknown): Promise<number> => {
          const body = { decisions: [decision({ notice: token })] };
          return (await two.call("POST", "/consents", { as, body })).status;
        };
        const before = await notice();
        if (round % 2 === 0) await one.give(as, "delivery");
        const [erased, granted] = await Promise.all([
          one.call("POST", "/requests", { as, body: { kind: "erase" } }),
          grant(before),
          one.call("DELETE", "/consents/delivery", { as }),
          grant(before),
        ]);
        expect(erased.status).toBe(201);
        expect([201, 409]).toContain(granted);
        const headers = { "x-request-token": String(erased.body["requestToken"]) };
        const path = `/requests/${String(erased.body["id"])}`;
        const state = async (): Promise<unknown> =>
          (await one.call("GET", path, { headers })).body["state"];
        await expect.poll(state, { timeout: 20_000 }).toBe("fulfilled");
        expect(await grant(before)).toBe(409);
        expect(["unknown", "withdrawn"]).toContain(await status(as));
      }),
    );
  });

  it("leave no decision behind for a person who is being erased", async () => {
    await Promise.all(
      ROUNDS.slice(0, 12).map(async (round) => {
        const as = `erased-${round}`;
        await one.give(as, "delivery");
        await Promise.all([
          two.call("POST", "/requests", { as, body: { kind: "erase" } }),
          ...[0, 1, 2].map(() =>
            one.call("POST", "/consents", {
              as,
              body: { decisions: [decision({ decision: "refused" })] },
            }),
          ),
        ]);
      }),
    );
    await two.privacy.idle();
    const orphans = await database.tables
      .selectFrom("log_event")
      .leftJoin("subject", (join) =>
        join
          .onRef("subject.tenant", "=", "log_event.tenant")
          .onRef("subject.ref", "=", "log_event.subject_ref"),
      )
      .select("log_event.leaf_index")
      .where("log_event.kind", "=", "consent")
      .where("subject.ref", "is", null)
      .execute();
    expect(orphans).toEqual([]);
  });
});
