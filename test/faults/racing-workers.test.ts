import { postgresDatabase } from "@miniprivacy/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeys } from "../../packages/node/src/key/keys.ts";
import {
  type Fixture,
  memoryStore,
  openFixture,
  row,
} from "../../packages/node/src/privacy.fixture.ts";
import { type AskedErasure, askErasure, expectErased } from "../support/asked-erasure.ts";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";

const missing = await postgresMissing();
/** People who ask at once. */
const CROWD = 12 * Number(process.env["FAULT_ROUNDS"] ?? 1);

describe.skipIf(missing !== undefined)(
  `two workers on one PostgreSQL${missing ? ` (${missing})` : ""}`,
  () => {
    let server: Awaited<ReturnType<typeof temporaryDatabase>>;
    let workers: readonly Fixture[];
    const store = memoryStore();
    const erased = new Set<string>();

    beforeAll(async () => {
      server = await temporaryDatabase();
      const keys = await createKeys();
      const { erase } = store.connector;
      Object.assign(store.connector, {
        erase: async (...of: Parameters<typeof erase>) => {
          erased.add(of[1].subjectId);
          await erase(...of);
        },
      });
      const open = async (): Promise<Fixture> => {
        const database = await postgresDatabase(server.url, { wal: { keptDays: 0 } });
        return openFixture({ ...database, keys }, { store });
      };
      workers = [await open(), await open()];
    });
    afterAll(async () => {
      for (const { privacy } of workers ?? []) await privacy.close();
      await server?.drop();
    });

    it("erase everybody who asked, with one certificate each, and nobody else", async () => {
      const crowd = Array.from({ length: CROWD }, (_, i) => `person-${i}`);
      store.rows = [...crowd.map((member) => row(member)), row("bystander")];
      for (const member of crowd) await workers[0]!.give(member, "delivery");
      const asked = await Promise.all(
        crowd.map((member, i): Promise<AskedErasure> => askErasure(workers[i % 2]!, member)),
      );
      await Promise.all(workers.map(({ privacy }) => privacy.idle()));
      for (const one of asked) await expectErased(one, ["shop"]);
      // One that is held up for long may lose its claim to the other: then both erase, and one of them signs.
      expect([...erased].toSorted()).toEqual(crowd.toSorted());
      expect(store.rows).toEqual([row("bystander")]);
      const certificates = await workers[0]!.database.tables
        .selectFrom("certificate")
        .select("request_id")
        .where("tenant", "=", "")
        .execute();
      expect(new Set(certificates.map((one) => one.request_id)).size).toBe(CROWD);
      expect(certificates).toHaveLength(CROWD);
    });
  },
);
