import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendLeaf,
  blindedDigest,
  EMPTY_FRONTIER,
  frontierRoot,
  leafContent,
  leafHash,
} from "@miniprivacy/core/log";
import { PrivacyError } from "@miniprivacy/core/errors";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../database/database.fixture.ts";
import { loadLogHead } from "./log-append.ts";
import { type LogAppend, type LogContent, prepareLogEntry } from "./log-entry.ts";
import { createLogWriter } from "./log-writer.ts";

const unheard = { announce(): void {} };

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.tables
    .insertInto("subject")
    .values({ tenant: "", lookup: Buffer.from("l"), ref: "ref", epoch: 1, created_at: new Date(0) })
    .execute();
});
beforeEach(async () => {
  await sql`truncate log_event, log_leaf`.execute(database.tables);
  await database.tables
    .updateTable("log_head")
    .set({ size: 0, frontier: Buffer.alloc(0) })
    .execute();
});
afterAll(() => database.close());

function append(change: Partial<LogContent> = {}, statement: string | null = null): LogAppend {
  const content = {
    tenant: "",
    kind: "test",
    subjectRef: "ref",
    dedupeKey: null,
    content: { a: 1 },
    ...change,
  };
  return { entry: prepareLogEntry(content), statement, recordedAt: new Date(0) };
}

/** Reads the whole log back: no gaps, every body behind its leaf, the head the root of its leaves. */
async function wholeLog(): Promise<number> {
  const leaves = await database.tables
    .selectFrom("log_leaf")
    .selectAll()
    .orderBy("leaf_index")
    .execute();
  const events = await database.tables
    .selectFrom("log_event")
    .selectAll()
    .orderBy("leaf_index")
    .execute();
  expect(leaves.map(({ leaf_index }) => Number(leaf_index))).toEqual(leaves.map((_, i) => i));
  expect(events).toHaveLength(leaves.length);
  for (const { leaf_index, body, blinding } of events) {
    const hash = Buffer.from(leafHash(leafContent(blindedDigest(body, blinding))));
    expect(hash.equals(leaves[Number(leaf_index)]!.leaf_hash)).toBe(true);
  }
  const recomputed = leaves.reduce(
    (tree, { leaf_hash }) => appendLeaf(tree, leaf_hash),
    EMPTY_FRONTIER,
  );
  const head = await loadLogHead(database.tables);
  expect(head.size).toBe(leaves.length);
  expect(Buffer.from(frontierRoot(head))).toEqual(Buffer.from(frontierRoot(recomputed)));
  return leaves.length;
}

/** Counts the appending statements that reach the database. */
function counted() {
  let statements = 0;
  const prepared: TestDatabase["prepared"] = (...all) => {
    statements++;
    return database.prepared(...all);
  };
  return { database: { tables: database.tables, prepared }, statements: () => statements };
}

describe("createLogWriter", () => {
  it("gives callers that come together one statement and an index each, in the order they came", async () => {
    const { database: counting, statements } = counted();
    const writer = createLogWriter(counting, unheard);
    await writer.append(append());
    const before = statements();
    const results = await Promise.all(Array.from({ length: 500 }, () => writer.append(append())));
    expect(results).toEqual(results.map((_, i) => ({ appended: true, leafIndex: i + 1 })));
    expect(statements() - before).toBeLessThanOrEqual(2);
    expect(await wholeLog()).toBe(501);
  });

  it("writes at most 1,000 entries or a megabyte at once", async () => {
    const { database: counting, statements } = counted();
    const writer = createLogWriter(counting, unheard);
    await writer.append(append());
    const before = statements();
    const large = { content: { text: "x".repeat(300_000) } };
    await Promise.all(Array.from({ length: 9 }, () => writer.append(append(large))));
    expect(statements() - before).toBeGreaterThanOrEqual(3);
    expect(await wholeLog()).toBe(10);
  });

  it("refuses a key that is taken, also within one batch, and appends the others", async () => {
    const writer = createLogWriter(database, unheard);
    const results = await Promise.all([
      writer.append(append({ dedupeKey: "k" })),
      writer.append(append({ dedupeKey: "k" })),
      writer.append(append({ dedupeKey: "other" })),
    ]);
    expect(results.map(({ appended }) => appended)).toEqual([true, false, true]);
    expect(results[1]).toEqual({ appended: false, reason: "duplicate" });
    expect(await writer.append(append({ dedupeKey: "k", tenant: "t" }))).toMatchObject({
      appended: true,
    });
    expect(await wholeLog()).toBe(3);
  });

  it("refuses a grant when its topic was denied after what it had seen, also within one batch", async () => {
    const writer = createLogWriter(database, unheard);
    const denial = { topic: "delivery", denies: true };
    const grant = (asOf: number) => append({ topic: "delivery", asOf });
    const results = await Promise.all([
      writer.append(grant(-1)),
      writer.append(append(denial)),
      writer.append(grant(0)),
      writer.append(append({ topic: "marketing", asOf: 0 })),
    ]);
    expect(results[2]).toEqual({ appended: false, reason: "stale" });
    expect(results.filter(({ appended }) => appended)).toHaveLength(3);
    const { size } = await loadLogHead(database.tables);
    expect(await writer.append(grant(size - 1))).toMatchObject({ appended: true });
    await wholeLog();
  });

  it("refuses a conditional entry about somebody who is gone", async () => {
    const writer = createLogWriter(database, unheard);
    expect(await writer.append(append({ subjectRef: "gone", asOf: 0 }))).toEqual({
      appended: false,
      reason: "unlinked",
    });
    expect(await writer.append(append({ subjectRef: "gone" }))).toMatchObject({ appended: true });
  });

  it("lets one bad entry fail alone", async () => {
    const writer = createLogWriter(database, unheard);
    const bad = append({ kind: null as unknown as string });
    const results = await Promise.allSettled([
      writer.append(append()),
      writer.append(bad),
      writer.append(append()),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await wholeLog()).toBe(2);
    expect(await writer.append(append())).toMatchObject({ appended: true, leafIndex: 2 });
  });

  it("refuses an entry too large for a statement, and half a character, before they are queued", async () => {
    const { database: counting, statements } = counted();
    const writer = createLogWriter(counting, unheard);
    const large = append({ content: { text: "x".repeat(1_000_001) } });
    await expect(writer.append(large)).rejects.toMatchObject({ code: "ERR_INPUT_TOO_LARGE" });
    const stated = append({}, "x".repeat(1_000_001));
    await expect(writer.append(stated)).rejects.toMatchObject({ code: "ERR_INPUT_TOO_LARGE" });
    expect(() => append({ content: { text: "\ud800" } })).toThrow(
      expect.objectContaining({ code: "ERR_INPUT_INVALID" }),
    );
    expect(statements()).toBe(0);
    expect(await writer.append(append({ content: { text: "\0" } }))).toMatchObject({
      appended: true,
    });
    await expect(writer.append(append({ kind: "\0" }))).rejects.toBeDefined();
    expect(await wholeLog()).toBe(1);
  });

  it("settles everybody who waits before it is closed, and takes nobody after", async () => {
    const writer = createLogWriter(database, unheard);
    const waiting = Array.from({ length: 50 }, (_, i) =>
      writer.append(append({ topic: "same", denies: i % 2 === 0 })),
    );
    await writer.close();
    expect(await wholeLog()).toBe(50);
    expect((await Promise.all(waiting)).every(({ appended }) => appended)).toBe(true);
    await expect(writer.append(append())).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    expect(await wholeLog()).toBe(50);
  });

  it("answers each caller once when the database fails half-way", async () => {
    let calls = 0;
    const prepared: TestDatabase["prepared"] = (...all) => {
      if (++calls === 2) return Promise.reject(new Error("gone"));
      return database.prepared(...all);
    };
    const writer = createLogWriter({ tables: database.tables, prepared }, unheard);
    const entries = [append({ subjectRef: "gone", asOf: 0 }), append({ topic: "a" }), append()];
    const answers = await Promise.all(entries.map((one) => writer.append(one)));
    expect(answers.map(({ appended }) => appended)).toEqual([false, true, true]);
    // The refused one was not asked about again: a batch, its rest, and the two of it alone.
    expect(calls).toBe(4);
  });

  it.each([1, 2, 10])(
    "asks a database that does not answer no more once statement %d has failed",
    async (down) => {
      let calls = 0;
      const prepared: TestDatabase["prepared"] = () => {
        const code = ++calls < down ? "ERR_INTERNAL" : "ERR_STORE_UNAVAILABLE";
        return Promise.reject(new PrivacyError(code));
      };
      const writer = createLogWriter({ tables: database.tables, prepared }, unheard);
      const entries = Array.from({ length: 64 }, () => writer.append(append()));
      const answers = await Promise.allSettled(entries);
      expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(64);
      expect(calls).toBeLessThanOrEqual(down + 1);
    },
  );

  it("keeps one log when several writers are at it", async () => {
    const writers = Array.from({ length: 4 }, () => createLogWriter(database, unheard));
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        writers[i % 4]!.append(append({ dedupeKey: `k${i % 150}` })),
      ),
    );
    expect(results.filter(({ appended }) => appended)).toHaveLength(150);
    expect(await wholeLog()).toBe(150);
  });

  // Several processes need a server: the embedded database has one. Not there, the test is not counted as skipped.
  const onServer = process.env["TEST_DATABASE"] === undefined ? [] : ["PostgreSQL"];
  it.each(onServer)(
    "on %s keeps one log when several processes are at it, and one of them is killed",
    async () => {
      const program = `
        import { postgresDatabase } from "@miniprivacy/node";
        import { createLogWriter } from ${JSON.stringify(new URL("./log-writer.ts", import.meta.url).href)};
        import { prepareLogEntry } from ${JSON.stringify(new URL("./log-entry.ts", import.meta.url).href)};
        const database = await postgresDatabase(process.argv[1]);
        const writer = createLogWriter(database, { announce() {} });
        const entry = () => prepareLogEntry({ tenant: "", kind: "test", subjectRef: null, dedupeKey: null, content: {} });
        const callers = Array.from({ length: 8 }, async () => {
          for (let i = 0; i < 60; i++) {
            const { leafIndex } = await writer.append({ entry: entry(), statement: null, recordedAt: new Date(0) });
            console.log(leafIndex);
          }
        });
        await Promise.all(callers);
        await database.close();
      `;
      const args = [
        "--import",
        "tsx",
        "--conditions",
        "@miniprivacy/source",
        "--input-type=module",
        "-e",
        program,
      ];
      const acknowledged: number[] = [];
      const processes = Array.from({ length: 3 }, () => {
        const child = spawn(process.execPath, [...args, database.url!], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        child.stdout.on("data", (chunk) =>
          acknowledged.push(...String(chunk).trim().split("\n").map(Number)),
        );
        return child;
      });
      const ends = processes.map((child) => once(child, "close"));
      await once(processes[0]!.stdout, "data");
      processes[0]!.kill("SIGKILL");
      await Promise.all(ends);
      const size = await wholeLog();
      expect(size).toBeGreaterThanOrEqual(2 * 8 * 60);
      expect(new Set(acknowledged).size).toBe(acknowledged.length);
      expect(Math.max(...acknowledged)).toBeLessThan(size);
    },
  );
});
