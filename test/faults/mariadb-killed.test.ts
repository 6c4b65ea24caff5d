import { mysqlConnector, type MysqlPool } from "@miniprivacy/node";
import { memoryDatabase } from "@miniprivacy/node/testing";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture, openFixture } from "../../packages/node/src/privacy.fixture.ts";
import { askErasure, expectErased, expectFailing } from "../support/asked-erasure.ts";
import {
  createMariadb,
  type KillableMariadb,
  mariadbProgramMissing,
} from "../support/killable-mariadb.ts";

const missing = mariadbProgramMissing();
/** Rounds of a crowd that asks while the server is killed, each at another person. */
const ROUNDS = Number(process.env["FAULT_ROUNDS"] ?? 1);
const CROWD = 8;

describe.skipIf(missing !== undefined)(
  `a shop's MariaDB server that is killed${missing ? ` (${missing})` : ""}`,
  () => {
    let server: KillableMariadb;
    let pool: mysql.Pool;
    let shop: Fixture;
    /** Called when a statement that deletes has been carried out. */
    let onDelete = async (): Promise<void> => {};

    beforeAll(async () => {
      server = await createMariadb();
      await server.start();
      pool = mysql.createPool({ uri: server.url, charset: "utf8mb4", connectionLimit: 4 });
      await pool.query(
        `create table orders (id varchar(64) primary key, memberId varchar(64) not null, phone text, address text,
          closedAt text, index (memberId)) collate utf8mb4_nopad_bin`,
      );
      const watched: MysqlPool = {
        async execute(text, values) {
          const result = await pool.execute(text, values);
          if (/^\s*delete/i.test(text)) await onDelete();
          return result;
        },
      };
      const order = { table: "orders", key: "id", subject: "memberId" };
      const connector = mysqlConnector({
        pool: watched,
        tables: { order },
        undo: { keptDays: 0 },
        binlog: "off",
      });
      shop = await openFixture(await memoryDatabase(), { connectors: { shop: connector } });
    });
    afterAll(async () => {
      await shop?.privacy.close();
      await pool?.end();
      await server?.remove();
    });

    async function placeOrder(member: string): Promise<void> {
      await shop.give(member, "delivery");
      await pool.query("insert into orders (id, memberId, phone) values (?, ?, '1')", [
        `order-of-${member}`,
        member,
      ]);
    }
    async function holders(): Promise<readonly string[]> {
      const [rows] = await pool.query<mysql.RowDataPacket[]>(
        "select memberId from orders order by memberId",
      );
      return rows.map((row) => row["memberId"] as string);
    }

    it("before it was asked: the erasure stays open, and is carried out when it is back", async () => {
      await placeOrder("lin");
      await placeOrder("wang");
      await server.kill();
      const asked = await askErasure(shop, "lin");
      await expectFailing(asked, "shop");
      await server.start();
      await shop.privacy.idle();
      await expectErased(asked, ["shop"]);
      expect(await holders()).toEqual(["wang"]);
    });

    it("while it deletes for a crowd: nobody is skipped, and nobody else is touched", async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const crowd = Array.from({ length: CROWD }, (_, i) => `round-${round}-${i}`);
        for (const member of crowd) await placeOrder(member);
        const before = (await holders()).filter((member) => !crowd.includes(member));
        let deletes = 0;
        const killed = new Promise<void>((resolve) => {
          onDelete = async () => {
            if (++deletes === 1 + ((round + 2) % CROWD)) await server.kill().then(resolve);
          };
        });
        const asked = await Promise.all(crowd.map((member) => askErasure(shop, member)));
        await killed;
        await server.start();
        await shop.privacy.idle();
        for (const one of asked) await expectErased(one, ["shop"]);
        expect(await holders()).toEqual(before);
      }
    });
  },
);
