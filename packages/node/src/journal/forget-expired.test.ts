import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keepTestDatabase } from "../database/database.fixture.ts";
import { openFixture } from "../privacy.fixture.ts";
import { fileJournal } from "./file-journal.ts";
import { forgetExpired } from "./forget-expired.ts";

let root: string;
const database = keepTestDatabase();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "forget-expired-"));
});
afterAll(() => rm(root, { recursive: true }));

const DAY_MS = 86_400_000;

it("WX-4.10a: the journal forgets an erasure when the last backup that lacks it is gone, and not before", async () => {
  const journal = fileJournal(root);
  const shop = await openFixture(await database(), { journal, backups: { keepDays: 30 } });
  await shop.give("lin", "delivery");
  const { body } = await shop.call("POST", "/requests", { as: "lin", body: { kind: "erase" } });
  await shop.privacy.idle();
  const headers = { "x-request-token": String(body["requestToken"]) };
  const view = await shop.call("GET", `/requests/${String(body["id"])}`, { headers });
  const certificate = `/certificates/${String(view.body["certificateId"])}`;
  const issued = await shop.call("GET", certificate, { headers });
  const [, payload] = String(issued.body["certificate"]).split(".");
  // Until then the confirmation names the backups, and says that a restore repeats the erasure.
  expect(JSON.parse(Buffer.from(payload!, "base64url").toString("utf8"))).toMatchObject({
    backups: { policy: "rotation", keepDays: 30, restoreGuard: true },
  });
  const { size } = await journal.position();
  const text = () => readFile(join(root, "journal.log"), "utf8");
  const after = (days: number) => shop.now() + days * DAY_MS;
  const forget = (backups: Parameters<typeof forgetExpired>[2], days: number) =>
    forgetExpired(shop.database, journal, backups, after(days));

  await forget({ keepDays: 30 }, 30);
  await forget("undeclared", 10_000);
  expect(await text()).toMatch(/"phase":"begun"[^]*"phase":"done"/);
  await forget({ keepDays: 30 }, 30 + 1 / DAY_MS);
  expect(await text()).not.toContain('"phase"');
  expect((await journal.position()).size).toBeGreaterThanOrEqual(size);
  await shop.privacy.close();
});

it("a deployment that starts forgets what has expired", async () => {
  const journal = fileJournal(root);
  const at = "2026-01-01T00:00:00.000Z";
  await journal.append([{ type: "ledger", at, size: 0, entry: { phase: "old" } }]);
  const shop = await openFixture(await database(), { journal, backups: { keepDays: 30 } });
  expect(await readFile(join(root, "journal.log"), "utf8")).not.toContain('"old"');
  await shop.privacy.close();
});
