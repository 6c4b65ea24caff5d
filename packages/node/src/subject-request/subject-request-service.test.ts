import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { subjectCommitment } from "./subject-commitment.ts";
import { memoryDatabase } from "../testing/memory-database.ts";
import type { Database } from "../database/database.ts";
import { type Answer, type Fixture, memoryStore, openFixture, row } from "../privacy.fixture.ts";

let database: Database;
let shop: Fixture;
beforeAll(async () => {
  database = await memoryDatabase();
  shop = await openFixture(database);
});
afterAll(() => shop.privacy.close());

function ask(as: string, body: object = {}, at: Fixture = shop): Promise<Answer> {
  return at.call("POST", "/requests", { as, body: { kind: "erase", ...body } });
}

const links = (at: Fixture = shop) =>
  at.database.tables.selectFrom("subject").select(["ref", "lookup"]).execute();

describe("a request asked for again", () => {
  const requestKey = "retry-after-the-end";

  it("with its key, after it has ended, is the same request, and makes nobody known anew", async () => {
    const first = await ask("lin", { requestKey });
    await shop.privacy.idle();
    const before = await links();
    const again = await ask("lin", { requestKey });
    expect(again.status).toBe(201);
    expect(again.body).toEqual({ ...first.body, state: "fulfilled" });
    expect(await links()).toEqual(before);
  });

  it("with its key, by a person who has returned since, is the same request", async () => {
    const first = await ask("wang", { requestKey });
    await shop.privacy.idle();
    await shop.give("wang", "delivery");
    const again = await ask("wang", { requestKey });
    expect(again.body["id"]).toBe(first.body["id"]);
    const { body } = await shop.call("GET", "/consents", { as: "wang" });
    expect(body["consents"]).toContainEqual(expect.objectContaining({ status: "given" }));
  });

  it("with a key that somebody else used is a request of its own", async () => {
    const hers = await ask("chen", { requestKey });
    const theirs = await ask("li", { requestKey });
    expect(theirs.body["id"]).not.toBe(hers.body["id"]);
    expect(theirs.body["requestToken"]).not.toBe(hers.body["requestToken"]);
    await shop.privacy.idle();
  });

  it("while it is open, with another key or none, is the one that is open", async () => {
    const store = memoryStore();
    const busy = await openFixture(await memoryDatabase(), { store });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    store.connector.erase = () => held;
    const first = await ask("sun", {}, busy);
    const second = await ask("sun", { requestKey: "second-key" }, busy);
    const third = await ask("sun", {}, busy);
    expect([second.body["id"], third.body["id"]]).toEqual([first.body["id"], first.body["id"]]);
    release();
    await busy.privacy.idle();
    const late = await ask("sun", { requestKey: "second-key" }, busy);
    expect(late.body["id"]).toBe(first.body["id"]);
    await busy.privacy.close();
  });

  it("keeps neither key nor person in readable form", async () => {
    await ask("marked-person", { requestKey: "marked-request-key" });
    await shop.privacy.idle();
    const kept = JSON.stringify(
      await database.tables.selectFrom("subject_request_key").selectAll().execute(),
    );
    expect(kept).not.toContain("marked");
  });
});

describe("the sign-in a request needs", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -3_600_000, 5 * 60_000 + 1])(
    "is refused when it was %s ms ago",
    async (ago) => {
      const { status, body } = await shop.call("POST", "/requests", {
        as: "lin",
        signedInAgo: ago,
        body: { kind: "erase" },
      });
      expect([status, body["code"]]).toEqual([401, "ERR_REAUTHENTICATION_REQUIRED"]);
    },
  );
});

describe("the commitment to a person", () => {
  it("cannot be tried against names by whoever has only the database", async () => {
    const { body } = await ask("guessable");
    const { commitment, commitment_salt: salt } = await database.tables
      .selectFrom("subject_request")
      .select(["commitment", "commitment_salt"])
      .where("id", "=", body["id"] as string)
      .executeTakeFirstOrThrow();
    expect(subjectCommitment(salt!, "", "guessable")).not.toBe(commitment);
    const headers = { "x-request-token": body["requestToken"] as string };
    const view = await shop.call("GET", `/requests/${body["id"] as string}`, { headers });
    const opening = Buffer.from(view.body["commitmentSalt"] as string, "base64url");
    expect(subjectCommitment(opening, "", "guessable")).toBe(commitment);
    await shop.privacy.idle();
  });
});

describe("somebody else's request", () => {
  const NONE = "00000000-0000-4000-8000-000000000000";
  it("cannot be told from one that never was, whatever is shown for it", async () => {
    const { body } = await ask("owner");
    const other = (await ask("other")).body;
    const shape = ({ status, body: answered, headers }: Answer): unknown => [
      status,
      { ...answered, requestId: "" },
      [...headers.keys()].toSorted(),
    ];
    const proofs = [
      { as: "other" },
      { headers: { "x-request-token": other["requestToken"] as string } },
      { headers: { "x-request-token": "" } },
      { headers: { "x-request-token": "not/base64 at all" } },
      { as: "owner", headers: { "x-test-tenant": "elsewhere" } },
    ];
    for (const proof of proofs) {
      const hers = await shop.call("GET", `/requests/${body["id"] as string}`, proof);
      const none = await shop.call("GET", `/requests/${NONE}`, proof);
      expect(hers.status).toBe(404);
      expect(shape(hers)).toEqual(shape(none));
    }
    for (const malformed of ["%00", "a%2Fb", "'", "x".repeat(2000), "%F0%9F%98%80"]) {
      const answer = await shop.call("GET", `/requests/${malformed}`, { as: "owner" });
      expect([malformed, answer.status, answer.body["code"]]).toEqual([
        malformed,
        404,
        "ERR_NOT_FOUND",
      ]);
    }
    await shop.privacy.idle();
  });
});

describe("looking at one's own data", () => {
  it("makes nobody known of whom nothing is kept", async () => {
    const store = memoryStore();
    store.rows.push(row("guest"));
    const fresh = await openFixture(await memoryDatabase(), { store });
    const { body } = await fresh.call("GET", "/data", { as: "guest" });
    expect(body).toEqual({ records: { order: [row("guest")] } });
    expect((await fresh.call("GET", "/data/export", { as: "guest" })).status).toBe(200);
    expect(await links(fresh)).toEqual([]);
    await fresh.privacy.close();
  });

  it("shows no row twice because a processor has a copy, and hides none that only a processor has", async () => {
    const [own, courier] = [memoryStore(), memoryStore()];
    Object.assign(courier.connector, { kind: "processor" });
    own.rows.push(row("guest"));
    courier.rows.push(row("guest"));
    const kept = { ...database, close: async () => {} };
    const both = await openFixture(kept, {
      connectors: { own: own.connector, courier: courier.connector },
    });
    const alone = await openFixture(kept, {
      connectors: { courier: courier.connector },
    });
    for (const shown of [both, alone]) {
      const { body } = await shown.call("GET", "/data", { as: "guest" });
      expect(body).toEqual({ records: { order: [row("guest")] } });
      await shown.privacy.close();
    }
  });
});
