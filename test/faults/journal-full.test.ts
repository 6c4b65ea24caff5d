import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import { fileJournal, type Journal } from "@miniprivacy/node";
import { memoryDatabase } from "@miniprivacy/node/testing";
import { expect, it } from "vitest";
import { recomputeLog } from "../../packages/node/src/log/recompute-log.ts";
import {
  decision,
  memoryStore,
  openFixture,
  row,
} from "../../packages/node/src/privacy.fixture.ts";
import { askErasure, expectErased } from "../support/asked-erasure.ts";

it("a journal on a full disk: nothing acknowledged is lost, and the erasure is finished once there is room", async () => {
  const dir = await mkdtemp(join(tmpdir(), "journal-full-"));
  const written = fileJournal(dir);
  let isFull = false;
  let fillsUp = true;
  let refused = 0;
  const journal: Journal = {
    ...written,
    async append(records) {
      if (!isFull) return written.append(records);
      refused++;
      // As much as there was room for.
      await appendFile(join(dir, "journal.log"), '0123abcd {"type":"lea');
      const cause = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "journal", cause });
    },
  };
  const store = memoryStore();
  const { erase } = store.connector;
  Object.assign(store.connector, {
    erase: async (...of: Parameters<typeof erase>) => {
      isFull = fillsUp;
      await erase(...of);
    },
  });
  const shop = await openFixture(await memoryDatabase(), { store, journal });
  const refuse = async (as: string): Promise<number> => {
    const body = { decisions: [decision({ decision: "refused", purpose: "marketing" })] };
    return (await shop.call("POST", "/consents", { as, body })).status;
  };
  try {
    await shop.give("lin", "delivery");
    store.rows.push(row("lin"), row("bystander"));
    const asked = await askErasure(shop, "lin");
    await expect.poll(() => refused, { interval: 10 }).toBeGreaterThan(1);
    // Whatever is published meanwhile, the journal has.
    const { text: checkpoint } = await shop.call("GET", "/log/checkpoint");
    const { size: held } = await written.position();
    expect(Number(checkpoint.split("\n")[1])).toBeLessThanOrEqual(held);
    const people = Array.from({ length: 8 }, (_, i) => `person-${i}`);
    const answers = await Promise.all(people.map(refuse));

    isFull = fillsUp = false;
    await shop.privacy.idle();
    await expectErased(asked, ["shop"]);
    expect(store.rows).toEqual([row("bystander")]);
    for (const [i, as] of people.entries()) {
      const { text } = await shop.call("GET", "/consents", { as });
      if (answers[i] === 201) expect(text).toContain('"refused"');
      else expect(await refuse(as)).toBe(201);
    }
    const { size } = await recomputeLog(shop.database.tables);
    const journaled = async (): Promise<number> => (await fileJournal(dir).position()).size;
    await expect.poll(journaled, { interval: 50 }).toBe(size);
    expect(await readFile(join(dir, "journal.log"), "utf8")).not.toContain("0123abcd");
  } finally {
    await shop.privacy.close();
    await rm(dir, { recursive: true });
  }
});
