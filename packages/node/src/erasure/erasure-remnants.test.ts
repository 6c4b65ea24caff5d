import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeletionCertificate } from "@miniprivacy/core/certificate";
import { fillDatabaseFolder } from "../database/database-folder.fixture.ts";
import { openTestDatabase } from "../database/database.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { type Fixture, memoryStore, openFixture, row } from "../privacy.fixture.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "erasure-remnants-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function erase(shop: Fixture, as: string) {
  const { body } = await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
  await shop.privacy.idle();
  const headers = { "x-request-token": body["requestToken"] as string };
  const view = (await shop.call("GET", `/requests/${body["id"] as string}`, { headers })).body;
  const path = `/certificates/${view["certificateId"] as string}`;
  const jws = (await shop.call("GET", path, { headers })).body["certificate"] as string;
  const payload = Buffer.from(jws.split(".")[1]!, "base64url").toString("utf8");
  return { view, certificate: JSON.parse(payload) as DeletionCertificate };
}

async function filesHolding(marks: {
  readonly [name: string]: Buffer;
}): Promise<readonly string[]> {
  const entries = await readdir(join(dir, "database"), { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name));
    for (const [name, mark] of Object.entries(marks))
      if (content.includes(mark)) found.push(`${name} in ${entry.name}`);
  }
  return found;
}

describe("what our own tables held of an erased person", () => {
  it("WX-4.4.7c: is in no byte of the embedded database once a certificate says so", async () => {
    await fillDatabaseFolder(dir);
    const database = await embeddedDatabase(dir);
    const store = memoryStore();
    store.rows.push(row("lin"));
    const shop = await openFixture(database, { store });
    for (const other of ["wang", "chen", "li"]) await shop.give(other, "delivery");
    await shop.give("lin", "delivery");
    const marks: { [name: string]: Buffer } = {};
    const working = store.connector.erase;
    store.connector.erase = async (record, subject) => {
      const { tables } = database;
      const seal = await tables.selectFrom("erasure_seal").selectAll().executeTakeFirstOrThrow();
      const request = await tables
        .selectFrom("subject_request")
        .select("subject_ref")
        .executeTakeFirstOrThrow();
      const link = await tables
        .selectFrom("subject")
        .select("lookup")
        .where("ref", "=", request.subject_ref)
        .executeTakeFirstOrThrow();
      const [consent] = await tables
        .selectFrom("log_event")
        .select("blinding")
        .where("subject_ref", "=", request.subject_ref)
        .where("kind", "=", "consent")
        .execute();
      Object.assign(marks, {
        "sealed name": seal.sealed_subject,
        "run salt": seal.run_salt,
        lookup: link.lookup,
        consent: consent!.blinding,
      });
      expect(new Set((await filesHolding(marks)).map((hit) => hit.split(" in ")[0]))).not.toEqual(
        new Set(),
      );
      return working(record, subject);
    };
    const { view, certificate } = await erase(shop, "lin");
    expect([view["state"], certificate.claim]).toEqual(["fulfilled", "deleted"]);
    expect(Object.keys(marks)).toHaveLength(4);
    expect(await filesHolding(marks)).toEqual([]);
    await shop.privacy.close();
  });

  it("stays residual for as long as the server's log keeps it, or without an end when nobody says", async () => {
    const declared = await openTestDatabase();
    const days = await openFixture({ ...declared, wal: { keptDays: 7 } });
    await days.give("lin", "delivery");
    const kept = await erase(days, "lin");
    const until = new Date(days.now() + 7 * 86_400_000).toISOString();
    expect(kept.certificate).toMatchObject({ claim: "partial", completesAt: until });
    expect(kept.certificate.scopes[1]).toMatchObject({
      record: "consent",
      outcome: "residual-until",
      until,
      remnants: [{ where: "write-ahead log", until }],
    });
    expect(kept.view["state"]).toBe("partly-fulfilled");

    const silent = await openFixture({ ...(await openTestDatabase()), wal: "undeclared" });
    await silent.give("lin", "delivery");
    const { certificate } = await erase(silent, "lin");
    expect(certificate.claim).toBe("partial");
    expect(certificate).not.toHaveProperty("completesAt");
    expect(certificate.residuals).toContainEqual({
      store: "miniprivacy",
      record: "subject",
      reason: "technical",
      processingLimitedTo: "storage-and-security",
    });
    await days.privacy.close();
    await silent.privacy.close();
  });
});
