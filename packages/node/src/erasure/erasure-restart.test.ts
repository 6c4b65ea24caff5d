import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../database/database.fixture.ts";
import { type Database } from "../database/database.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { initKeyFolder, keysFromFolder } from "../key/key-folder.ts";
import { memoryStore, openFixture, row } from "../privacy.fixture.ts";
import { claimErasure } from "./erasure-claim.ts";
import { requireClaim } from "./run-claim.ts";

let dir: string;
/** A server's database, or undefined where the embedded folder is used. */
let server: TestDatabase | undefined;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "erasure-"));
  if (process.env["TEST_DATABASE"] !== undefined) server = await openTestDatabase();
  await initKeyFolder(join(dir, "keys"));
});
afterAll(async () => {
  await server?.close();
  await rm(dir, { recursive: true });
});

/**
 * Where a process is killed: in a call of a store, when it reads back what it erased, or when all is erased and the
 * certificate is to be signed.
 */
const POINTS = ["count", "find", "erase", "remnants", "describe", "read-back", "sign"] as const;
/** Those after the rows have gone. */
const ERASED: readonly string[] = ["remnants", "describe", "read-back"];

/** A process that accepts an erasure, begins it, and never comes to its end. */
const PROGRAM = `
  import { embeddedDatabase, keysFromFolder, postgresDatabase } from "@miniprivacy/node";
  import { memoryStore, openFixture, row } from ${JSON.stringify(new URL("../privacy.fixture.ts", import.meta.url).href)};
  const [point, dir, url] = process.argv.slice(1);
  const opened = url === undefined
    ? await embeddedDatabase(dir)
    : { ...(await postgresDatabase(url)), keys: await keysFromFolder(dir + "/keys") };
  const hang = async () => {
    console.log("reached");
    await new Promise(() => {});
  };
  const store = memoryStore();
  store.rows.push(row(point));
  const { signer } = opened.keys;
  const sign = (type, ...rest) =>
    type === "deletion-certificate+jwt" && point === "sign" ? hang() : signer.sign(type, ...rest);
  const { find } = store.connector;
  let reads = 0;
  if (point === "read-back")
    store.connector.find = (...of) => (++reads === 1 ? find(...of) : hang());
  else if (point !== "sign") store.connector[point] = hang;
  const database = { ...opened, keys: { ...opened.keys, signer: { ...signer, sign } } };
  const shop = await openFixture(database, { store });
  await shop.give(point, "delivery");
  const { body } = await shop.call("POST", "/requests", { as: point, body: { kind: "erase" } });
  console.log(JSON.stringify(body));
`;

async function openAgain(): Promise<Database> {
  if (server === undefined) return embeddedDatabase(dir);
  return { ...server, keys: await keysFromFolder(join(dir, "keys")), close: async () => {} };
}

async function killAt(point: string): Promise<{ id: string; requestToken: string }> {
  const args = ["--import", "tsx", "--conditions", "@miniprivacy/source", "--input-type=module"];
  const target = server === undefined ? [point, dir] : [point, dir, server.url!];
  const child = spawn(process.execPath, [...args, "-e", PROGRAM, ...target], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  while (!(output.includes("reached") && output.includes("requestToken")))
    output += String((await once(child.stdout, "data"))[0]);
  child.kill("SIGKILL");
  await once(child, "close");
  return JSON.parse(/\{.*\}/.exec(output)![0]) as { id: string; requestToken: string };
}

describe("an erasure whose process is killed", () => {
  it.each(POINTS)(
    "in %s is finished by another, with the numbers the first one took",
    async (point) => {
      const { id, requestToken } = await killAt(point);
      const killedAt = performance.now();
      const store = memoryStore();
      // By the time the certificate is signed all is erased: what is there now is of somebody who came back.
      const returned = [row(point, { id: "after-return" })];
      const left = ERASED.includes(point) ? [] : [row(point)];
      store.rows = [...(point === "sign" ? returned : left), row("bystander")];
      const next = await openFixture(await openAgain(), { store });
      // An embedded database takes its time to start on a machine that has much else to do.
      const since = server === undefined ? performance.now() : killedAt;
      await next.privacy.idle();
      if (point === "erase" || server === undefined)
        expect(performance.now() - since).toBeLessThan(10_000);
      const headers = { "x-request-token": requestToken };
      const { body } = await next.call("GET", `/requests/${id}`, { headers });
      const erased = { outcome: "verified-absent", countBefore: 1, countAfter: 0 };
      expect(body).toMatchObject({ state: "fulfilled", outcomes: [erased, erased, erased] });
      expect(store.rows).toEqual([...(point === "sign" ? returned : []), row("bystander")]);
      const seals = await next.database.tables.selectFrom("erasure_seal").selectAll().execute();
      expect(seals).toEqual([]);
      await next.privacy.close();
    },
  );
});

describe("claimErasure", () => {
  it("gives an erasure to one process at a time, and fences off whoever had it before", async () => {
    const database = await openTestDatabase();
    const shop = await openFixture(database);
    const { body } = await shop.call("POST", "/requests", { as: "lin", body: { kind: "erase" } });
    await shop.privacy.idle();
    const id = body["id"] as string;
    expect(await claimErasure(database.tables, "", id)).toBeUndefined();

    const open = database.tables.updateTable("subject_request").where("id", "=", id);
    await open.set({ state: "executing", claimed_until: null }).execute();
    const first = await claimErasure(database.tables, "", id);
    if (first === undefined || first === "busy") throw new Error("not claimed");
    expect(await claimErasure(database.tables, "", id)).toBe("busy");
    await requireClaim(database.tables, first);

    await open.set({ claimed_until: new Date(0) }).execute();
    const second = await claimErasure(database.tables, "", id);
    expect(second).toMatchObject({ fence: first.fence + 1 });
    await expect(requireClaim(database.tables, first)).rejects.toMatchObject({
      code: "ERR_REQUEST_STATE",
    });
    await shop.privacy.close();
  });
});
