import { createHash } from "node:crypto";
import { lengthPrefixed } from "@miniprivacy/core";
import { type DeletionCertificate, verifyCertificate } from "@miniprivacy/core/certificate";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Database } from "../database/database.ts";
import { keepTestDatabase, openTestDatabase } from "../database/database.fixture.ts";
import { createLogWriter } from "../log/log-writer.ts";
import { createRetentionSweep } from "../retention/retention-sweep.ts";
import { declaredConnector } from "../connector/declared-connector.ts";
import { type Fixture, memoryStore, openFixture, policy, row } from "../privacy.fixture.ts";

let database: Database;
let shop: Fixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openFixture(database);
});
afterAll(() => shop.privacy.close());

const accessLog = declaredConnector({
  kind: "log",
  records: ["order"],
  selector: "access log lines with {subjectId}",
  tool: "logrotate",
  toolVersion: "3.21",
  keptDays: 14,
});

const openDatabase = keepTestDatabase();

/** A deployment with a database of its own: its erasures are carried out by nobody else. */
async function open(options: Parameters<typeof openFixture>[1]): Promise<Fixture> {
  const other = await openFixture(await openDatabase(), options);
  onTestFinished(() => other.privacy.close());
  return other;
}

interface Erased {
  readonly id: string;
  readonly token: string;
  readonly view: {
    readonly state: string;
    readonly outcomes: readonly object[];
    readonly certificateId: string;
    readonly commitmentSalt: string;
  };
  readonly certificate: DeletionCertificate;
}

async function erase(at: Fixture, as: string): Promise<Erased> {
  const { body, status } = await at.call("POST", "/requests", { as, body: { kind: "erase" } });
  expect(status).toBe(201);
  await at.privacy.idle();
  const [id, token] = [body["id"] as string, body["requestToken"] as string];
  const headers = { "x-request-token": token };
  const view = (await at.call("GET", `/requests/${id}`, { headers }))
    .body as unknown as Erased["view"];
  const issued = await at.call("GET", `/certificates/${view.certificateId}`, { headers });
  const keys = (await at.call("GET", "/.well-known/jwks.json")).body as never;
  const verified = await verifyCertificate(issued.body["certificate"] as string, {
    keys,
    now: at.now(),
  });
  expect(verified.checks.at(-1)).toMatchObject({ ok: true });
  expect(verified.verdict).toBe("valid");
  return { id, token, view, certificate: verified.claims! };
}

describe("an erasure", () => {
  it("WX-4.4.7b, WX-4.4.7c, WX-4.7c, PIPL-47: runs without approval, is read back, and is confirmed in writing", async () => {
    shop.store.rows.push(row("lin"), row("wang"));
    await shop.give("lin", "delivery");
    const { id, view, certificate } = await erase(shop, "lin");
    expect(view.state).toBe("fulfilled");
    expect(certificate.trigger).toEqual({ kind: "subject-request", requestId: id });
    expect(view.outcomes).toEqual([
      { store: "shop", record: "order", outcome: "verified-absent", countBefore: 1, countAfter: 0 },
      {
        store: "miniprivacy",
        record: "consent",
        outcome: "verified-absent",
        countBefore: 1,
        countAfter: 0,
      },
      {
        store: "miniprivacy",
        record: "subject",
        outcome: "verified-absent",
        countBefore: 1,
        countAfter: 0,
      },
    ]);
    expect(certificate.claim).toBe("deleted");
    expect(certificate.scopes.map(({ verification }) => verification.canary)).toEqual([
      true,
      true,
      true,
    ]);
    expect(shop.store.rows).toEqual([row("wang")]);
  });

  it("that found nothing says so, and claims no proof of its reading path", async () => {
    const { view, certificate } = await erase(shop, "unknown-to-the-shop");
    expect(view.outcomes.map((outcome) => (outcome as { outcome: string }).outcome)).toEqual([
      "not-found",
      "not-found",
      "verified-absent",
    ]);
    expect(certificate.scopes.map(({ verification }) => verification.canary)).toEqual([
      false,
      false,
      true,
    ]);
    expect(certificate.claim).toBe("deleted");
  });

  it("is committed to a person only she can show", async () => {
    const { view, certificate } = await erase(shop, "commit-person");
    const salt = Buffer.from(view.commitmentSalt, "base64url");
    const expected = createHash("sha256")
      .update(lengthPrefixed(salt, Buffer.from(""), Buffer.from("commit-person")))
      .digest("hex");
    expect(certificate.about).toEqual({ kind: "subject", subjectCommitment: expected });
    expect(JSON.stringify(certificate)).not.toContain("commit-person");
  });

  it("hands out the salt for 90 days and no longer", async () => {
    const other = await open({});
    const { id, token } = await erase(other, "salted");
    other.pass(91 * 86_400_000);
    const { body } = await other.call("GET", `/requests/${id}`, {
      headers: { "x-request-token": token },
    });
    expect(body["state"]).toBe("fulfilled");
    expect(body).not.toHaveProperty("commitmentSalt");
    const { database: own, now } = other;
    const log = createLogWriter(own, { announce: () => {} });
    const after = { database: own, log, now, backups: "none" } as const;
    await createRetentionSweep(after, { accessLogDays: 184, onError: () => {} }).run();
    const kept = await other.database.tables
      .selectFrom("subject_request")
      .select("commitment_salt")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    expect(kept.commitment_salt).toBeNull();
  });

  it("leaves request and certificate to whoever holds the token, and to nobody else", async () => {
    const { id, view } = await erase(shop, "gone");
    for (const path of [`/requests/${id}`, `/certificates/${view.certificateId}`]) {
      expect((await shop.call("GET", path)).status).toBe(401);
      expect((await shop.call("GET", path, { as: "wang" })).status).toBe(404);
      expect(
        (await shop.call("GET", path, { headers: { "x-request-token": "A".repeat(22) } })).status,
      ).toBe(404);
    }
  });

  it("needs a sign-in of the last five minutes", async () => {
    const old = await shop.call("POST", "/requests", {
      as: "lin",
      signedInAgo: 5 * 60_000 + 1,
      body: { kind: "erase" },
    });
    expect([old.status, old.body["code"]]).toEqual([401, "ERR_REAUTHENTICATION_REQUIRED"]);
    const recent = await shop.call("POST", "/requests", {
      as: "lin",
      signedInAgo: 5 * 60_000,
      body: { kind: "erase" },
    });
    expect(recent.status).toBe(201);
  });

  it("asked for twice with one key is one request", async () => {
    const body = { kind: "erase", requestKey: "retry-key-1" };
    const first = await shop.call("POST", "/requests", { as: "twice", body });
    const again = await shop.call("POST", "/requests", { as: "twice", body });
    expect([again.body["id"], again.body["requestToken"]]).toEqual([
      first.body["id"],
      first.body["requestToken"],
    ]);
    await shop.privacy.idle();
  });

  it("WX-4.4.7b: is carried out for each of fifty who ask at once, and for nobody twice", async () => {
    const people = Array.from({ length: 50 }, (_, i) => `many-${i}`);
    shop.store.rows.push(...people.map((person) => row(person)));
    const asked = await Promise.all(
      people.map((as) => shop.call("POST", "/requests", { as, body: { kind: "erase" } })),
    );
    await shop.privacy.idle();
    const ids = asked.map(({ body }) => body["id"] as string);
    const finished = await database.tables
      .selectFrom("subject_request")
      .innerJoin("certificate", (join) =>
        join
          .onRef("certificate.request_id", "=", "subject_request.id")
          .onRef("certificate.tenant", "=", "subject_request.tenant"),
      )
      .select("subject_request.id")
      .where("subject_request.tenant", "=", "")
      .where("subject_request.state", "=", "fulfilled")
      .where("subject_request.id", "in", ids)
      .execute();
    expect(finished.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(shop.store.rows.filter(({ memberId }) => people.includes(memberId as string))).toEqual(
      [],
    );
  });

  it("makes a person who returns a new one: old consents are gone, and an old notice is stale", async () => {
    await shop.give("back", "delivery");
    const { body: notice } = await shop.call("GET", "/notice?language=en&purposes=delivery", {
      as: "back",
    });
    const epoch = async () =>
      (
        await database.tables
          .selectFrom("subject")
          .select("epoch")
          .orderBy("epoch", "desc")
          .executeTakeFirstOrThrow()
      ).epoch;
    const before = await epoch();
    await erase(shop, "back");
    const { body } = await shop.call("GET", "/consents", { as: "back" });
    expect((body["consents"] as { status: string }[]).map(({ status }) => status)).toEqual([
      "unknown",
      "unknown",
    ]);
    const sent = {
      decisionId: "after-return",
      purpose: "delivery",
      decision: "given",
      counter: 0,
      at: "2026-11-24T08:00:00Z",
      notice: notice["token"],
    };
    expect(
      (await shop.call("POST", "/consents", { as: "back", body: { decisions: [sent] } })).status,
    ).toBe(409);
    await shop.give("back", "delivery");
    expect(await epoch()).toBeGreaterThan(before);
  });

  it("PIPL-44, PIPL-47: nobody reads her data from the moment she asks", async () => {
    const store = memoryStore();
    const busy = await open({ store });
    await busy.give("asked", "delivery");
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    store.connector.erase = () => held;
    await busy.call("POST", "/requests", { as: "asked", body: { kind: "erase" } });
    const reader = await busy.privacy.access.for("asked", "delivery");
    expect(reader.read("order", row("asked") as never)).toMatchObject({
      permitted: false,
      reason: "subject-restricted",
    });
    release();
    await busy.privacy.idle();
  });

  it("leaves no seal to the name behind", async () => {
    const { id } = await erase(shop, "sealed-person");
    const kept = await database.tables
      .selectFrom("erasure_seal")
      .selectAll()
      .where("request_id", "=", id)
      .execute();
    expect(kept).toEqual([]);
  });
});

describe("an erasure that cannot say everything is gone", () => {
  it("a store that needs a second attempt gets it", async () => {
    const store = memoryStore();
    store.rows.push(row("slow"));
    const working = store.connector.erase;
    let calls = 0;
    Object.assign(store.connector, {
      erase: async (...all: Parameters<typeof working>) =>
        calls++ === 0 ? undefined : working(...all),
    });
    const slow = await open({ store });
    const { view, certificate } = await erase(slow, "slow");
    expect([view.state, certificate.claim, calls]).toEqual(["fulfilled", "deleted", 2]);
  });

  it("WX-4.4.7c: an acknowledgement is no deletion", async () => {
    const store = memoryStore();
    const asked: string[] = [];
    const unreadable = () => Promise.reject(new Error("cannot be read"));
    Object.assign(store.connector, {
      kind: "processor",
      evidence: "acknowledgement",
      find: unreadable,
      count: unreadable,
      erase: async (_record: unknown, { subjectId }: { readonly subjectId: string }) =>
        void asked.push(subjectId),
    });
    const told = await open({ store });
    const { view, certificate } = await erase(told, "told");
    expect(asked).toEqual(["told"]);
    expect(view.outcomes[0]).toEqual({
      store: "shop",
      record: "order",
      outcome: "accepted-by-store",
      countBefore: null,
      countAfter: null,
    });
    expect(view.state).toBe("partly-fulfilled");
    expect(certificate.claim).toBe("partial");
    expect(certificate).not.toHaveProperty("completesAt");
    expect(certificate.scopes[0]!.verification).toMatchObject({
      method: "acknowledgement",
      verdict: "unknown",
      canary: false,
    });
    const seen = await told.call("GET", "/data", { as: "told" });
    expect(seen.body["records"] ?? seen.body).toEqual({});
  });

  it("WX-4.4.7c: what drops data by itself is residual until it has, by the host's word", async () => {
    const store = memoryStore();
    store.rows.push(row("logged"));
    const connectors = { shop: store.connector, log: accessLog };
    const logging = await open({ connectors });
    const { view, certificate } = await erase(logging, "logged");
    const until = new Date(logging.now() + 14 * 86_400_000).toISOString();
    expect(view.outcomes.slice(0, 2)).toMatchObject([
      { store: "shop", outcome: "verified-absent" },
      { store: "log", outcome: "residual-until", countBefore: null, countAfter: null },
    ]);
    expect(certificate).toMatchObject({ claim: "partial", completesAt: until });
    expect(certificate.scopes[1]).toMatchObject({
      kind: "log",
      method: "none",
      until,
      verification: { method: "declaration", verdict: "unknown" },
    });
  });

  it("remnants and backups keep it partial until they end", async () => {
    const store = memoryStore();
    store.rows.push(row("remnant"));
    store.connector.remnants = async (_record, now) => [
      { where: "write-ahead log", until: new Date(now.getTime() + 86_400_000).toISOString() },
    ];
    const withLog = await open({ store });
    const { view, certificate } = await erase(withLog, "remnant");
    expect(view.outcomes[0]).toMatchObject({ outcome: "residual-until" });
    expect(certificate).toMatchObject({
      claim: "partial",
      completesAt: new Date(withLog.now() + 86_400_000).toISOString(),
    });

    const backedUp = await open({ backups: { keepDays: 30 } });
    const second = await erase(backedUp, "backed-up");
    expect(second.certificate).toMatchObject({
      claim: "partial",
      completesAt: new Date(backedUp.now() + 30 * 86_400_000).toISOString(),
    });
  });

  it("evidence kept by policy is sealed, said, and unreadable without its key", async () => {
    const kept = {
      ...policy,
      evidence: { keepDays: 1095, basis: { "zh-CN": "证明已取得同意", en: "to prove consent" } },
    };
    const evident = await open({ policy: kept });
    await evident.give("evident", "delivery");
    const { view, certificate } = await erase(evident, "evident");
    expect(view.outcomes).toContainEqual({
      store: "miniprivacy",
      record: "consent",
      outcome: "retained-by-law",
      countBefore: 1,
      countAfter: 0,
    });
    expect(certificate).toMatchObject({
      claim: "partial",
      residuals: [{ store: "miniprivacy", record: "consent", reason: "statutory-retention" }],
    });
    const { tables } = evident.database;
    const [sealed] = await tables.selectFrom("log_evidence").selectAll().execute();
    expect(sealed!.sealed.toString("latin1")).not.toContain("delivery");
    expect(sealed!.keep_until.getTime()).toBe(evident.now() + 1095 * 86_400_000);

    const log = createLogWriter(evident.database, { announce: () => {} });
    const now = () => evident.now() + 1095 * 86_400_000;
    const after = { database: evident.database, log, now, backups: "none" } as const;
    await createRetentionSweep(after, { accessLogDays: 184, onError: () => {} }).run();
    expect(await tables.selectFrom("log_evidence").selectAll().execute()).toEqual([]);
  });
});

describe("a processor that may hold the data", () => {
  const recipients = {
    courier: {
      name: { "zh-CN": "快递", en: "Courier" },
      country: "CN",
      role: "processor",
      contact: { phone: "1" },
    },
    bank: {
      name: { "zh-CN": "银行", en: "Bank" },
      country: "CN",
      role: "controller",
      contact: { phone: "1" },
    },
  } as const;
  const delivered = {
    ...policy,
    recipients,
    purposes: {
      ...policy.purposes,
      delivery: { ...policy.purposes.delivery, recipients: ["courier"] },
    },
  };

  it("WX-4.4.7c: is named as not told, and nothing counts as wholly deleted", async () => {
    const store = memoryStore();
    store.rows.push(row("sent"));
    const shipping = await open({ policy: delivered, store });
    const { view, certificate } = await erase(shipping, "sent");
    expect(certificate.processors).toEqual([
      { name: recipients.courier.name, confirmation: "not-told" },
    ]);
    expect([view.state, certificate.claim]).toEqual(["partly-fulfilled", "partial"]);
  });

  it("is not named where nothing it could have been given was there, or where a connector reaches it", async () => {
    const shipping = await open({ policy: delivered });
    expect((await erase(shipping, "never-sent")).certificate.processors).toEqual([]);

    const [shop, courier] = [memoryStore(), memoryStore()];
    shop.rows.push(row("sent"));
    courier.rows.push(row("sent"));
    Object.assign(courier.connector, { kind: "processor" });
    const reaching = await open({
      policy: delivered,
      connectors: { shop: shop.connector, courier: courier.connector },
    });
    const { certificate } = await erase(reaching, "sent");
    expect([certificate.claim, certificate.processors]).toEqual(["deleted", []]);
    expect(courier.rows).toEqual([]);
  });
});

describe("what is said of backups", () => {
  const WRONG = [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 1e9, "30", undefined];
  it.each(WRONG)("is refused with keepDays %s", async (keepDays) => {
    const unused = await openDatabase();
    const opening = openFixture(unused, { backups: { keepDays: keepDays as number } });
    await expect(opening).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
    await unused.close();
  });
});

describe("an erasure that is interrupted", () => {
  const POINTS = ["count", "find", "erase", "remnants", "describe"] as const;
  it.each(POINTS)(
    "by a fault in %s is taken up again and ends as if nothing had happened",
    async (point) => {
      const store = memoryStore();
      store.rows.push(row(`fault-${point}`));
      const working = store.connector[point] as (...all: unknown[]) => Promise<unknown>;
      let faults = 1;
      Object.assign(store.connector, {
        [point]: async (...all: unknown[]) => {
          if (faults-- > 0) throw new Error("fault");
          return working(...all);
        },
      });
      const at = await open({ store });
      const { view, certificate } = await erase(at, `fault-${point}`);
      expect([view.state, certificate.claim]).toEqual(["fulfilled", "deleted"]);
      expect(store.rows).toEqual([]);
    },
  );
});
