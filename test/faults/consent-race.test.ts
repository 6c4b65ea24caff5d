import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initKeyFolder } from "../../packages/node/src/key/key-folder.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoServer, startDemo } from "../support/demo-server.ts";
import { postgresMissing, temporaryDatabase } from "../support/postgres-server.ts";

const missing = await postgresMissing();
const ROUNDS = 120;
/** Rounds side by side: each has a person of its own. */
const AT_ONCE = 6;

describe.skipIf(missing !== undefined)(
  `two processes on one PostgreSQL${missing ? ` (${missing})` : ""}`,
  () => {
    let dir: string;
    let database: Awaited<ReturnType<typeof temporaryDatabase>>;
    let one: DemoServer;
    let two: DemoServer;

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), "race-"));
      database = await temporaryDatabase();
      const keys = join(dir, "keys");
      await initKeyFolder(keys);
      const settings = { DATABASE_URL: database.url, MINIPRIVACY_KEYS: keys };
      one = await startDemo(join(dir, "one"), settings);
      two = await startDemo(join(dir, "two"), settings);
    });
    afterAll(async () => {
      await one?.stop();
      await two?.stop();
      await database?.drop();
      await rm(dir, { recursive: true });
    });

    async function notice(as: string): Promise<unknown> {
      const path = "/privacy/notice?language=en&purposes=statistics";
      return (await one.call("GET", path, as)).body["token"];
    }
    const grant = (token: unknown) => ({
      decisions: [
        {
          decisionId: randomUUID(),
          purpose: "statistics",
          decision: "given",
          notice: token,
          counter: 0,
          at: new Date().toISOString(),
        },
      ],
    });
    async function statusAt(server: DemoServer, as: string): Promise<unknown> {
      const { body } = await server.call("GET", "/privacy/consents", as);
      const consents = body["consents"] as { purpose: string; status: string }[];
      return consents.find(({ purpose }) => purpose === "statistics")!.status;
    }
    async function inRounds(run: (round: number) => Promise<void>): Promise<void> {
      for (let first = 0; first < ROUNDS; first += AT_ONCE)
        await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => run(first + i)));
    }

    it("WX-4.4.3: never permit once a grant on an old notice and a withdrawal are both answered", async () => {
      await inRounds(async (round) => {
        const as = `race-${round}`;
        const sent = grant(await notice(as));
        const [granted, withdrawn] = await Promise.all([
          (round % 2 === 0 ? one : two).call("POST", "/privacy/consents", as, sent),
          (round % 2 === 0 ? two : one).call("DELETE", "/privacy/consents/statistics", as),
        ]);
        expect([201, 409]).toContain(granted.status);
        expect(withdrawn.status).toBe(200);
        const seen = [await statusAt(one, as), await statusAt(two, as)];
        expect(seen).toEqual(["withdrawn", "withdrawn"]);
      });
    });

    it("give a decision that is sent to both at once one receipt", async () => {
      await inRounds(async (round) => {
        const as = `twice-${round}`;
        const sent = grant(await notice(as));
        const [first, second] = await Promise.all(
          [one, two].map((server) => server.call("POST", "/privacy/consents", as, sent)),
        );
        expect([first!.status, second!.status]).toEqual([201, 201]);
        expect(first!.text).toBe(second!.text);
      });
    });
  },
);
