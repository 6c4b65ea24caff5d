import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import { fileSafe, filesConnector, postgresConnector, type QueryPool } from "@miniprivacy/node";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";
import { connectorContract, type ConnectorSubject, record } from "./connector-contract.ts";

const missing = await postgresMissing();

async function tableStore(pool: pg.Pool, close: () => Promise<void>): Promise<ConnectorSubject> {
  await pool.query(
    "create table notes (name text not null, member_id text not null, body text, primary key (name, member_id))",
  );
  const tables = {
    note: { table: "notes", key: "name", subject: "member_id", columns: { text: "body" } },
  };
  return {
    connector: postgresConnector({ pool, tables, wal: { keptDays: 1 } }),
    plant: async ({ name, memberId, text }) =>
      void (await pool.query("insert into notes values ($1, $2, $3)", [name, memberId, text])),
    all: async () =>
      (
        await pool.query(
          'select name, member_id as "memberId", body as text from notes order by name',
        )
      ).rows,
    close,
  };
}

describe("filesConnector", () => {
  connectorContract(async () => {
    const root = await mkdtemp(join(tmpdir(), "files-connector-"));
    return {
      connector: filesConnector({
        root,
        record: "note",
        folder: "notes/{subjectId}",
        fields: { name: "name", content: "text" },
      }),
      async plant({ name, memberId, text }) {
        const folder = join(root, "notes", fileSafe(memberId));
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, name), text);
      },
      async all() {
        const entries = await readdir(root, { recursive: true, withFileTypes: true });
        const files = entries.filter((entry) => entry.isFile());
        return Promise.all(
          files.map(async ({ name, parentPath }) => ({
            name,
            memberId: parentPath.split("/").at(-1),
            text: await readFile(join(parentPath, name), "utf8"),
          })),
        );
      },
      close: () => rm(root, { recursive: true }),
    };
  });

  it("names of subjects never meet in one folder, nor leave it", () => {
    const names = [".", "..", "/", "a/b", "a%2Fb", "A", "a", "%", "用", "~", "con"].map(fileSafe);
    expect(new Set(names).size).toBe(names.length);
    expect(() => fileSafe("")).toThrow(RangeError);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_%-]+$/);
  });
});

describe("postgresConnector on the embedded database", () => {
  connectorContract(async () => {
    const pglite = new PGlite();
    await pglite.waitReady;
    const pool = new pg.Pool(createPgConfig(pglite));
    return tableStore(pool, async () => {
      await pool.end();
      await pglite.close();
    });
  });
});

describe.skipIf(missing !== undefined)(
  `postgresConnector on PostgreSQL${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    connectorContract(async () => {
      const database = await temporaryDatabase();
      const pool = new pg.Pool({ connectionString: database.url });
      return tableStore(pool, async () => {
        await pool.end();
        await database.drop();
      });
    });

    it("refuses wal: 'switch' where used segments are kept", async () => {
      const database = await temporaryDatabase();
      const pool = new pg.Pool({ connectionString: database.url });
      await pool.query("create table notes (name text, member_id text)");
      const connector = postgresConnector({
        pool,
        tables: { note: { table: "notes", key: "name", subject: "member_id" } },
        wal: "switch",
      });
      await expect(connector.erase(record, "a")).rejects.toMatchObject({
        code: "ERR_CONFIG_INVALID",
      });
      await pool.end();
      await database.drop();
    });
  },
);

describe("postgresConnector", () => {
  const pool: QueryPool = { query: async () => ({ rows: [] }) };
  it.each(["notes; drop table x", 'no"tes', "", "1a", "a b"])(
    "takes no name that is not a plain identifier: %j",
    (name) => {
      expect(() =>
        postgresConnector({
          pool,
          tables: { note: { table: name, key: "name", subject: "member_id" } },
          wal: { keptDays: 0 },
        }),
      ).toThrow(TypeError);
      expect(() =>
        postgresConnector({
          pool,
          tables: { note: { table: "notes", key: "name", subject: name } },
          wal: { keptDays: 0 },
        }),
      ).toThrow(TypeError);
    },
  );

  it("names what it leaves behind, and until when", async () => {
    const tables = { note: { table: "notes", key: "name", subject: "member_id" } };
    const at = new Date("2026-11-24T00:00:00.000Z");
    const kept = postgresConnector({ pool, tables, vacuum: false, wal: { keptDays: 7 } });
    expect(await kept.remnants(record, at)).toEqual([
      { where: "dead rows", until: "2026-11-25T00:00:00.000Z" },
      { where: "write-ahead log", until: "2026-12-01T00:00:00.000Z" },
    ]);
    expect(
      await postgresConnector({ pool, tables, wal: { keptDays: 0 } }).remnants(record, at),
    ).toEqual([]);
  });
});
