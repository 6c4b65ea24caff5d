import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { openFixture } from "../privacy.fixture.ts";
import { journalContract } from "../testing/journal-contract.ts";
import { fileJournal } from "./file-journal.ts";
import type { JournalRecord } from "./journal.ts";
import { requireSeparateJournal } from "./restore-guard.ts";
import { JOURNAL_TURN } from "./journal-turn.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "journal-"));
});
afterAll(() => rm(root, { recursive: true }));

let folders = 0;
const newFolder = (): string => join(root, String(folders++));
const hash = (byte: number): Uint8Array => Buffer.alloc(32, byte);
const leaves = (from: number, ...hashes: readonly Uint8Array[]): JournalRecord => ({
  type: "leaves",
  from,
  hashes,
});
const note: JournalRecord = { type: "checkpoint", note: "o\n1\nr\n\n— o AAAAAAAA\n" };

describe("fileJournal", () => {
  const contract = journalContract((name) => fileJournal(join(root, name)));
  it.each(contract)("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  it("drops a line that was not finished, and goes on after the last whole one", async () => {
    const dir = newFolder();
    const file = join(dir, "journal.log");
    await fileJournal(dir).append([leaves(0, hash(1)), leaves(1, hash(2)), note]);
    const whole = await readFile(file);
    for (const bytes of [whole.length - 1, whole.length - 3, whole.lastIndexOf("— o") + 1]) {
      await writeFile(file, whole);
      await truncate(file, bytes);
      const journal = fileJournal(dir);
      expect(await journal.position()).toEqual({ begun: true, size: 2, lastLeaf: hash(2) });
      expect((await stat(file)).size).toBe(bytes);
      await journal.append([leaves(2, hash(3))]);
      expect(await fileJournal(dir).position()).toEqual({
        begun: true,
        size: 3,
        lastLeaf: hash(3),
      });
    }
  });

  it("makes nothing by looking", async () => {
    const dir = newFolder();
    expect(await fileJournal(dir).position()).toEqual({ begun: false, size: 0 });
    await expect(stat(dir)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is not begun by a first line that was not finished", async () => {
    const dir = newFolder();
    await fileJournal(dir).append([{ type: "start" }]);
    await truncate(join(dir, "journal.log"), 12);
    expect(await fileJournal(dir).position()).toEqual({ begun: false, size: 0 });
  });

  it("refuses a record that was changed", async () => {
    const dir = newFolder();
    await fileJournal(dir).append([leaves(0, hash(1))]);
    const file = join(dir, "journal.log");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"from":0', '"from":1'));
    await expect(fileJournal(dir).position()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
    });
    await writeFile(file, text);
    await appendFile(file, "garbage\n");
    await expect(fileJournal(dir).position()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
    });
  });
});

describe("a deployment with a journal", () => {
  it("has every leaf in it within a second, and no checkpoint before its leaves", async () => {
    const dir = newFolder();
    const journal = fileJournal(dir);
    const written: JournalRecord[] = [];
    const watched = {
      ...journal,
      append(records: readonly JournalRecord[]) {
        written.push(...records);
        return journal.append(records);
      },
    };
    const shop = await openFixture(await openTestDatabase(), { journal: watched });
    for (const person of ["a", "b", "c"]) await shop.give(person, "delivery");
    await expect.poll(async () => (await journal.position()).size, { timeout: 1000 }).toBe(3);
    let checkpoint = await shop.call("GET", "/log/checkpoint");
    while (checkpoint.text.split("\n")[1] !== "3")
      checkpoint = await shop.call("GET", "/log/checkpoint");
    const inJournal = written.findIndex(
      (one) => one.type === "checkpoint" && one.note === checkpoint.text,
    );
    const covered = written
      .slice(0, inJournal)
      .flatMap((one) => (one.type === "leaves" ? one.hashes : []));
    expect(covered).toHaveLength(3);
    await shop.privacy.close();
  });

  it("publishes no checkpoint while the journal cannot be written", async () => {
    const broken = {
      position: () => Promise.resolve({ begun: true, size: 0 }),
      append: () => Promise.reject(new Error("disk full")),
      async *read() {},
      forget: () => Promise.resolve(0),
    };
    const shop = await openFixture(await openTestDatabase(), { journal: broken });
    const given = await shop.give("lin", "delivery");
    expect(given.status).toBe(201);
    expect((await shop.call("GET", "/log/checkpoint")).status).toBe(500);
    expect(await shop.database.tables.selectFrom("log_checkpoint").selectAll().execute()).toEqual(
      [],
    );
    await shop.privacy.close();
  });

  it.each(["older than its journal", "beside an empty journal", "that went another way"])(
    "serves nothing but /health over a database %s",
    async (kind) => {
      const opened = await openTestDatabase();
      // Each of these closes its database, and the last alone may.
      const database = { ...opened, close: async () => {} };
      const before = await openFixture(database, { journal: fileJournal(newFolder()) });
      await before.give("lin", "delivery");
      const { leaf_hash } = await database.tables
        .selectFrom("log_leaf")
        .select("leaf_hash")
        .executeTakeFirstOrThrow();
      const journal = fileJournal(newFolder());
      if (kind === "older than its journal") await journal.append([leaves(0, leaf_hash, hash(9))]);
      if (kind === "that went another way") await journal.append([leaves(0, hash(9))]);
      const restored = await openFixture(database, { journal });
      expect((await restored.call("GET", "/health")).body).toEqual({ status: "behind-journal" });
      for (const path of ["/policy", "/notice", "/log/checkpoint", "/nowhere"]) {
        const { status, body } = await restored.call("GET", path, { as: "lin" });
        expect([status, body["code"]]).toEqual([503, "ERR_DATABASE_BEHIND_JOURNAL"]);
      }
      await expect(restored.privacy.access.for("lin", "delivery")).rejects.toMatchObject({
        code: "ERR_DATABASE_BEHIND_JOURNAL",
      });

      const current = fileJournal(newFolder());
      await current.append([leaves(0, leaf_hash)]);
      const open = await openFixture(database, { journal: current });
      expect((await open.call("GET", "/health")).body).toEqual({ status: "ok" });
      for (const { privacy } of [restored, open, before]) await privacy.close();
      await opened.close();
    },
  );

  // Another process needs a server: the embedded database has one. Not there, the test is not counted as skipped.
  const onServer = process.env["TEST_DATABASE"] === undefined ? [] : ["PostgreSQL"];
  it.each(onServer)(
    "on %s catches up after a process that died while it had the journal's turn",
    async () => {
      const database = await openTestDatabase();
      const journal = fileJournal(newFolder());
      const shop = await openFixture(database, { journal });
      const other = new pg.Client(database.url);
      await other.connect();
      await other.query("select pg_advisory_lock($1)", [JOURNAL_TURN]);
      await shop.give("lin", "delivery");
      // Past the moment when the log is followed after an append.
      await sleep(500);
      expect((await journal.position()).size).toBe(0);
      await other.end();
      await expect.poll(async () => (await journal.position()).size, { timeout: 5000 }).toBe(1);
      await shop.privacy.close();
    },
  );

  it.each(onServer)("on %s says that no checkpoint is there yet", async () => {
    const database = await openTestDatabase();
    const other = new pg.Client(database.url);
    await other.connect();
    await other.query("select pg_advisory_lock($1)", [JOURNAL_TURN]);
    const shop = await openFixture(database);
    const { status, body } = await shop.call("GET", "/log/checkpoint");
    expect([status, body["code"]]).toEqual([503, "ERR_STORE_UNAVAILABLE"]);
    await other.end();
    expect((await shop.call("GET", "/log/checkpoint")).status).toBe(200);
    await shop.privacy.close();
  });

  it("does not start with a journal that a backup of the database would take along", async () => {
    const folder = newFolder();
    await mkdir(folder);
    const link = newFolder();
    await symlink(folder, link);
    const database = await openTestDatabase();
    for (const [own, journal] of [
      [folder, join(folder, "journal")],
      [folder, join(link, "a", "journal")],
      [link, join(folder, "journal")],
    ] as const) {
      const inside = openFixture({ ...database, folder: own }, { journal: fileJournal(journal) });
      await expect(inside).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
    }
    await requireSeparateJournal({ ...database, folder }, fileJournal(`${folder}-journal`));
    await database.close();
  });
});
