import { describe, expect, it } from "vitest";
import { databaseContract } from "../testing/database-contract.ts";
import type { Unit } from "./database.ts";
import { openTestDatabase } from "./database.fixture.ts";

describe("the database", () => {
  it.each(databaseContract(openTestDatabase))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe("databaseContract", () => {
  it("fails a database whose transactions are none", async () => {
    const contract = databaseContract(async () => {
      const database = await openTestDatabase();
      const transaction = () => ({
        execute: (work: (unit: Unit) => unknown) => work(database.tables),
      });
      const tables = new Proxy(database.tables, {
        get: (on, name) => (name === "transaction" ? transaction : Reflect.get(on, name, on)),
      });
      return { ...database, tables };
    });
    const whole = contract.find(({ name }) => name.startsWith("a transaction is done whole"))!;
    await expect(whole.run()).rejects.toBeDefined();
  });
});
