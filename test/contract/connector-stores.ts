import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  fileSafe,
  filesConnector,
  mysqlConnector,
  type MysqlPool,
  objectStorageConnector,
  type ObjectStorageConnectorOptions,
  postgresConnector,
  type QueryPool,
  redisConnector,
} from "@miniprivacy/node";
import type { ConnectorUnderContract, ContractRow } from "@miniprivacy/node/testing";
import { createClient } from "@redis/client";
import pg from "pg";
import type { TestBucket } from "../support/test-bucket.ts";

type Options = Partial<Parameters<typeof postgresConnector>[0]>;

/** A new table in a database that is there already. */
export async function tableStore(
  pool: QueryPool,
  tenants: boolean,
  options: Options = {},
  close: () => Promise<void> = async () => {},
): Promise<ConnectorUnderContract> {
  await pool.query("drop table if exists notes");
  await pool.query(
    `create table notes (name text not null, member_id text not null, body text, tenant text not null,
      primary key (tenant, member_id, name))`,
  );
  const note = {
    table: "public.notes",
    key: "name",
    subject: "member_id",
    columns: { text: "body" },
    ...(tenants && { tenant: "tenant" }),
  };
  return {
    connector: postgresConnector({ pool, tables: { note }, wal: { keptDays: 1 }, ...options }),
    plant: async ({ name, memberId, text, tenant }) =>
      void (await pool.query("insert into notes values ($1, $2, $3, $4)", [
        name,
        memberId,
        text,
        tenant,
      ])),
    all: async () =>
      (await pool.query('select name, member_id as "memberId", body as text, tenant from notes'))
        .rows as never,
    close,
  };
}

/** A new table in a MySQL database that is there already. */
export async function mysqlStore(
  pool: MysqlPool,
  tenants: boolean,
  erase: "row" | "columns" = "row",
): Promise<ConnectorUnderContract> {
  await pool.execute("drop table if exists notes");
  await pool.execute(
    `create table notes (name varchar(100), member_id text, body text, tenant varchar(100), index (member_id(100)))
      collate utf8mb4_nopad_bin`,
  );
  const note = {
    table: "notes",
    key: "name",
    subject: "member_id",
    columns: { text: "body" },
    erase,
    ...(tenants && { tenant: "tenant" }),
  };
  return {
    connector: mysqlConnector({ pool, tables: { note }, undo: { keptDays: 1 }, binlog: "off" }),
    plant: async ({ name, memberId, text, tenant }) =>
      void (await pool.execute("insert into notes values (?, ?, ?, ?)", [
        name,
        memberId,
        text,
        tenant,
      ])),
    all: async () =>
      (
        await pool.execute(
          "select name, member_id as memberId, body as text, tenant from notes where member_id is not null",
        )
      )[0] as never,
    close: async () => {},
  };
}

/** Notes that say whose they are by way of a table of members, in a database that is there already. */
export async function hopStore(
  pool: QueryPool,
  tenants: boolean,
  erase: "row" | "columns",
): Promise<ConnectorUnderContract> {
  await pool.query("drop table if exists hop_notes, hop_members");
  await pool.query(
    "create table hop_members (id bigint generated always as identity primary key, openid text)",
  );
  await pool.query(
    "create table hop_notes (name text, member_id bigint references hop_members, body text, tenant text)",
  );
  const tables = { note: hopNote(tenants, erase) };
  return {
    connector: postgresConnector({ pool, tables, wal: { keptDays: 1 } }),
    async plant({ name, memberId, text, tenant }) {
      await pool.query(
        "insert into hop_members (openid) select $1::text where not exists (select from hop_members where openid = $1::text)",
        [memberId],
      );
      await pool.query(
        "insert into hop_notes select $1, min(id), $2, $3 from hop_members where openid = $4",
        [name, text, tenant, memberId],
      );
    },
    all: async () =>
      (
        await pool.query(
          'select name, openid as "memberId", body as text, tenant from hop_notes join hop_members on id = member_id',
        )
      ).rows as never,
    close: async () => {},
  };
}

/** The same in a MySQL database. */
export async function mysqlHopStore(
  pool: MysqlPool,
  tenants: boolean,
  erase: "row" | "columns",
): Promise<ConnectorUnderContract> {
  await pool.execute("drop table if exists hop_notes, hop_members");
  await pool.execute(
    "create table hop_members (id bigint primary key auto_increment, openid text collate utf8mb4_nopad_bin, index (openid(100)))",
  );
  await pool.execute(
    `create table hop_notes (name varchar(100), member_id bigint, body text, tenant varchar(100), foreign key (member_id) references hop_members (id))
      collate utf8mb4_nopad_bin`,
  );
  const tables = { note: hopNote(tenants, erase) };
  return {
    connector: mysqlConnector({ pool, tables, undo: { keptDays: 1 }, binlog: "off" }),
    async plant({ name, memberId, text, tenant }) {
      await pool.execute("insert into hop_members (openid) values (?)", [memberId]);
      await pool.execute(
        "insert into hop_notes select ?, min(id), ?, ? from hop_members where openid = ?",
        [name, text, tenant, memberId],
      );
    },
    all: async () =>
      (
        await pool.execute(
          "select name, openid as memberId, body as text, tenant from hop_notes join hop_members on id = member_id",
        )
      )[0] as never,
    close: async () => {},
  };
}

function hopNote(tenants: boolean, erase: "row" | "columns") {
  return {
    table: "hop_notes",
    key: "name",
    subject: ["member_id", "hop_members.openid"] as const,
    columns: { text: "body" },
    erase,
    ...(tenants && { tenant: "tenant" }),
  };
}

/** A new table whose rows stay, as nobody's. */
export async function columnStore(
  pool: QueryPool,
  erase: "columns" | { readonly set: object },
): Promise<ConnectorUnderContract> {
  await pool.query("drop table if exists kept_notes");
  await pool.query("create table kept_notes (name text, member_id text, body text)");
  const note = {
    table: "kept_notes",
    key: "name",
    subject: "member_id",
    columns: { text: "body" },
    erase: erase as "columns",
  };
  return {
    connector: postgresConnector({ pool, tables: { note }, wal: { keptDays: 1 } }),
    plant: async ({ name, memberId, text }) =>
      void (await pool.query("insert into kept_notes values ($1, $2, $3)", [name, memberId, text])),
    all: async () =>
      (
        await pool.query(
          `select name, member_id as "memberId", body as text, '' as tenant from kept_notes where member_id <> '-'`,
        )
      ).rows as never,
    close: async () => {},
  };
}

/** A pool on PGlite that keeps its only connection through errors. */
export async function embeddedPool(dir?: string): Promise<QueryPool & { end(): Promise<void> }> {
  const pglite = new PGlite(dir);
  await pglite.waitReady;
  const pool = new pg.Pool(createPgConfig(pglite));
  return {
    async query(text, values) {
      const client = await pool.connect();
      try {
        return await client.query(text, values);
      } finally {
        client.release();
      }
    },
    async end() {
      await pool.end();
      await pglite.close();
    },
  };
}

export async function folderStore(tenants: boolean): Promise<ConnectorUnderContract> {
  const root = await mkdtemp(join(tmpdir(), "files-connector-"));
  const path = tenants ? "{tenant}/{subjectId}/notes/*" : "notes/{subjectId}/*";
  const ids = new Map<string, string>();
  const named = (id: string): string => {
    ids.set(fileSafe(id), id);
    return fileSafe(id);
  };
  return {
    connector: filesConnector({
      root,
      record: "note",
      path,
      fields: { name: "name", content: "text" },
    }),
    async plant({ name, memberId, text, tenant }) {
      const own = tenants
        ? join(root, named(tenant), named(memberId), "notes")
        : join(root, "notes", named(memberId));
      await mkdir(own, { recursive: true });
      await writeFile(join(own, name), text);
    },
    async all() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return Promise.all(
        files.map(async ({ name, parentPath }): Promise<ContractRow> => {
          const parts = parentPath.slice(root.length + 1).split("/");
          const [tenant, memberId] = tenants
            ? [ids.get(parts[0]!), ids.get(parts[1]!)]
            : ["", ids.get(parts[1]!)];
          const text = await readFile(join(parentPath, name), "utf8");
          return { name, memberId: memberId!, text, tenant: tenant! };
        }),
      );
    },
    keeps: (text) => keepsText(root, text),
    close: () => rm(root, { recursive: true }),
  };
}

/** Keys of its own on a server that is there already. */
export async function keyStore(url: string, tenants: boolean): Promise<ConnectorUnderContract> {
  const own = randomUUID();
  const client = createClient({ url });
  await client.connect();
  const rows = new Map<string, Omit<ContractRow, "text">>();
  return {
    connector: redisConnector({
      url,
      record: "note",
      keys: [tenants ? `${own}:{tenant}:{subjectId}:*` : `${own}:{subjectId}:*`],
      fields: { name: "name", content: "text" },
      persistence: "none",
    }),
    async plant({ name, memberId, text, tenant }) {
      const key = `${own}:${tenants ? `${tenant}:` : ""}${memberId}:${name}`;
      rows.set(key, { name, memberId, tenant });
      await client.set(key, text);
    },
    async all() {
      const found = await Promise.all(
        [...rows].map(async ([key, row]) => ({ ...row, text: await client.get(key) })),
      );
      return found.flatMap(({ text, ...row }) => (text === null ? [] : [{ ...row, text }]));
    },
    async close() {
      if (rows.size > 0) await client.unlink([...rows.keys()]);
      client.destroy();
    },
  };
}

/** Objects of a bucket that is there already, and empty. */
export async function objectStore(
  { client, bucket, holds, textOf }: TestBucket,
  tenants: boolean,
  options: Pick<ObjectStorageConnectorOptions, "versions"> = {},
): Promise<ConnectorUnderContract> {
  const key = tenants ? "notes:{tenant}:{subjectId}:*" : "notes/{subjectId}/*";
  const rows = new Map<string, Omit<ContractRow, "text">>();
  return {
    connector: objectStorageConnector({
      client,
      bucket,
      record: "note",
      key,
      fields: { name: "name", content: "text" },
      ...options,
    }),
    async plant({ name, memberId, text, tenant }) {
      const Key = tenants ? `notes:${tenant}:${memberId}:${name}` : `notes/${memberId}/${name}`;
      const isAnothers = memberId.includes(tenants ? ":" : "/") || /(^|\/)\.\.?(\/|$)/.test(Key);
      if (isAnothers || !holds(Key)) throw new Error("the bucket cannot hold it");
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: text }));
      rows.set(Key, { name, memberId, tenant });
    },
    async all() {
      const found = await Promise.all(
        [...rows].map(async ([Key, row]) => ({ ...row, text: await textOf(Key) })),
      );
      return found.flatMap(({ text, ...row }) => (text === undefined ? [] : [{ ...row, text }]));
    },
    async close() {
      for (const Key of rows.keys())
        if ((await textOf(Key)) !== undefined)
          await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    },
  };
}

/** Whether the bytes of a text, or a name with it, are anywhere below a folder. */
export async function keepsText(root: string, text: string): Promise<boolean> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.name.includes(text)) return true;
    if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(text))
      return true;
  }
  return false;
}
