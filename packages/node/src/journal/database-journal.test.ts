import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { createServerDatabase, type ServerDatabase } from "../database/server-database.fixture.ts";
import { openFixture } from "../privacy.fixture.ts";
import { journalContract } from "../testing/journal-contract.ts";
import { databaseJournal } from "./database-journal.ts";

const server = process.env["TEST_DATABASE"];

describe.runIf(server !== undefined)("databaseJournal", () => {
  const opened = new Map<string, Promise<ServerDatabase>>();
  afterAll(async () => {
    for (const database of opened.values()) await (await database).drop();
  });

  async function urlOf(name: string): Promise<string> {
    if (!opened.has(name)) opened.set(name, createServerDatabase(server!));
    return (await opened.get(name)!).url;
  }

  it.each(journalContract(async (name) => databaseJournal(await urlOf(name))))(
    "$name",
    async ({ run }) => {
      await expect(run()).resolves.toBeUndefined();
    },
  );

  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client(await urlOf("damaged"));
    await client.connect();
  });
  afterAll(() => client.end());

  it("notices a line that is missing or was changed", async () => {
    const journal = databaseJournal(await urlOf("damaged"));
    for (const from of [0, 1, 2])
      await journal.append([{ type: "leaves", from, hashes: [Buffer.alloc(32, from)] }]);
    const all = async () => {
      for await (const _record of journal.read());
    };
    await all();
    const damaged = { code: "ERR_STORE_UNAVAILABLE" };
    await client.query(
      `update miniprivacy_journal set line = replace(line, '"from":2', '"from":3')`,
    );
    await expect(all()).rejects.toMatchObject(damaged);
    await expect(journal.position()).rejects.toMatchObject(damaged);
    await client.query(`delete from miniprivacy_journal where number = 2`);
    await expect(all()).rejects.toMatchObject(damaged);
  });

  it("is refused in the deployment's own database, by whatever address, and taken in another", async () => {
    const database = await openTestDatabase();
    const same = new URL(database.url!);
    same.hostname = same.hostname === "localhost" ? "127.0.0.1" : "localhost";
    for (const url of [database.url!, same.href])
      await expect(openFixture(database, { journal: databaseJournal(url) })).rejects.toMatchObject({
        code: "ERR_CONFIG_INVALID",
      });
    const journal = databaseJournal(await urlOf("own"));
    const shop = await openFixture(database, { journal });
    await shop.give("lin", "delivery");
    await expect.poll(async () => (await journal.position()).size).toBe(1);
    await shop.privacy.close();
  });
});
