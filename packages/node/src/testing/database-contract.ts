import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import { loadLogHead } from "../log/log-append.ts";
import { type LogAppend, prepareLogEntry } from "../log/log-entry.ts";
import { createLogWriter } from "../log/log-writer.ts";
import { recomputeLog } from "../log/recompute-log.ts";
import type { ContractCase } from "./contract-case.ts";

/**
 * What every database must do that MiniPrivacy's own records lie in: for an engine that says it speaks PostgreSQL.
 *
 * @param open Opens an empty database, migrated.
 */
export function databaseContract(open: () => Promise<Database>): readonly ContractCase[] {
  return CASES.map(({ name, check }) => ({
    name,
    async run() {
      const database = await open();
      try {
        await check(database);
      } finally {
        await database.close();
      }
    },
  }));
}

interface Case {
  readonly name: string;
  readonly check: (database: Database) => Promise<void>;
}

const CASES: readonly Case[] = [
  {
    name: "it begins with an empty log",
    async check({ tables }) {
      deepEqual(await loadLogHead(tables), { size: 0, nodes: [] });
    },
  },
  {
    name: "values come back as they went",
    async check({ tables }) {
      const row = {
        tenant: "租户",
        leaf_index: 9_007_199_254_740_991,
        sealed: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
        keep_until: new Date("2026-11-24T08:00:00.123Z"),
      };
      await tables.insertInto("log_evidence").values(row).execute();
      const [read] = await tables.selectFrom("log_evidence").selectAll().execute();
      deepEqual({ ...read, leaf_index: Number(read!.leaf_index) }, row);
    },
  },
  {
    name: "a transaction is done whole or not at all, and the next goes on",
    async check({ tables }) {
      const failed = tables.transaction().execute(async (unit) => {
        await unit.insertInto("log_leaf").values(leaf(1)).execute();
        throw new Error("changed my mind");
      });
      await rejects(failed, /changed my mind/);
      const twice = tables.transaction().execute(async (unit) => {
        await unit.insertInto("log_leaf").values(leaf(2)).execute();
        await unit.insertInto("log_leaf").values(leaf(2)).execute();
      });
      await rejects(twice);
      await tables
        .transaction()
        .execute((unit) => unit.insertInto("log_leaf").values(leaf(3)).execute());
      const rows = await tables.selectFrom("log_leaf").select("leaf_index").execute();
      deepEqual(
        rows.map(({ leaf_index }) => Number(leaf_index)),
        [3],
      );
    },
  },
  {
    name: "a row that is held is waited for",
    async check({ tables }) {
      const grow = (): Promise<void> =>
        tables.transaction().execute(async (unit) => {
          const held = unit.selectFrom("log_head").select("size").where("id", "=", 1).forUpdate();
          const size = Number((await held.executeTakeFirstOrThrow()).size) + 1;
          await unit.updateTable("log_head").set({ size }).where("id", "=", 1).execute();
        });
      await Promise.all(Array.from({ length: 20 }, grow));
      const row = await tables.selectFrom("log_head").select("size").executeTakeFirstOrThrow();
      equal(Number(row.size), 20);
    },
  },
  {
    name: "a lock that a transaction took ends with it",
    async check({ tables }) {
      const take = sql<{ own: boolean }>`select pg_try_advisory_xact_lock(1) as own`;
      const taken = await Promise.all(
        Array.from({ length: 3 }, () =>
          tables.transaction().execute(async (unit) => (await take.execute(unit)).rows[0]!.own),
        ),
      );
      ok(taken.includes(true));
      equal((await take.execute(tables)).rows[0]!.own, true);
    },
  },
  {
    name: "a prepared statement runs as often as it is asked, also after it failed",
    async check(database) {
      const divide = (by: number): Promise<readonly object[]> =>
        database.prepared("divide", "select 6 / $1::int as result", [by]);
      deepEqual(await divide(2), [{ result: 3 }]);
      await rejects(divide(0));
      deepEqual(await divide(3), [{ result: 2 }]);
    },
  },
  {
    name: "writers that come together make one log without a gap, and a key is taken once",
    async check(database) {
      const writers = Array.from({ length: 4 }, () => createLogWriter(database, { announce() {} }));
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) => writers[i % 4]!.append(entry(`key-${i % 150}`))),
      );
      const indices = results.flatMap((one) => (one.appended ? [one.leafIndex] : []));
      deepEqual(
        indices.toSorted((a, b) => a - b),
        Array.from({ length: 150 }, (_, i) => i),
      );
      await recomputeLog(database.tables);
    },
  },
  {
    name: "what is told on a channel is heard, where there are others to tell",
    async check(database) {
      if (database.listen === undefined) return;
      let heard: () => void = () => {};
      const told = new Promise<void>((resolve) => (heard = resolve));
      const channel = await database.listen("contract", () => heard());
      channel.notify();
      await told;
      await channel.close();
    },
  },
];

function leaf(index: number): { leaf_index: number; leaf_hash: Buffer } {
  return { leaf_index: index, leaf_hash: Buffer.alloc(32, index) };
}

function entry(dedupeKey: string): LogAppend {
  const content = { tenant: "", kind: "contract", subjectRef: null, dedupeKey, content: {} };
  return { entry: prepareLogEntry(content), statement: null, recordedAt: new Date(0) };
}
