import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectorUnderContract, connectorContract } from "@miniprivacy/node/testing";
import type { QueryPool } from "@miniprivacy/node";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";
import {
  columnStore,
  embeddedPool,
  folderStore,
  keepsText,
  tableStore,
} from "./connector-stores.ts";

const missing = await postgresMissing();

function keepsContract(open: () => Promise<ConnectorUnderContract>): void {
  it.each(connectorContract(open))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
}

describe.each([false, true])("filesConnector, tenants apart: %s", (tenants) => {
  keepsContract(() => folderStore(tenants));
});

describe("postgresConnector on the embedded database", () => {
  let pool: QueryPool & { end(): Promise<void> };
  beforeAll(async () => void (pool = await embeddedPool()));
  afterAll(() => pool.end());

  describe.each([false, true])("tenants apart: %s", (tenants) => {
    keepsContract(() => tableStore(pool, tenants));
  });

  describe.each([["columns" as const], [{ set: { memberId: "-", text: "" } }]])(
    "erasing %j",
    (erase) => {
      keepsContract(() => columnStore(pool, erase));
    },
  );
});

describe("postgresConnector on an embedded folder, with 'full' and 'switch'", () => {
  let dir: string;
  let pool: QueryPool & { end(): Promise<void> };
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "postgres-connector-"));
    pool = await embeddedPool(dir);
    await pool.query("set wal_recycle = off");
  });
  afterAll(async () => {
    await pool.end();
    await rm(dir, { recursive: true });
  });
  keepsContract(async () => ({
    ...(await tableStore(pool, false, { vacuum: "full", wal: "switch" })),
    keeps: async (text) => {
      await pool.query("checkpoint");
      return keepsText(dir, text);
    },
  }));
});

describe.skipIf(missing !== undefined)(
  `postgresConnector on PostgreSQL${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let pool: pg.Pool;
    let drop: () => Promise<void>;
    beforeAll(async () => {
      const database = await temporaryDatabase();
      drop = database.drop;
      pool = new pg.Pool({ connectionString: database.url });
    });
    afterAll(async () => {
      await pool.end();
      await drop();
    });
    describe.each([false, true])("tenants apart: %s", (tenants) => {
      keepsContract(() => tableStore(pool, tenants));
    });
  },
);
