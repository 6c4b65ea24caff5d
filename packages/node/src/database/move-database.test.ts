import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KeySet, verifyStatement } from "@miniprivacy/core/certificate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../cli/run-command.fixture.ts";
import { keysFromFolder } from "../key/key-folder.ts";
import { verifyEd25519 } from "../key/verify-ed25519.ts";
import { recomputeLog } from "../log/recompute-log.ts";
import { type Fixture, memoryStore, openFixture, row } from "../privacy.fixture.ts";
import { openTestDatabase, type TestDatabase } from "./database.fixture.ts";
import { embeddedDatabase } from "./embedded-database.ts";
import { writeMoveNote } from "./move-note.ts";
import { moveDatabase } from "./move-database.ts";
import { postgresDatabase } from "./postgres-database.ts";

let root: string;
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "move-"));
});
afterAll(() => rm(root, { recursive: true }));
const newFolder = (): string => join(root, String(folders++));

interface OpenedRequest {
  readonly id: string;
  readonly requestToken: string;
}

interface ProvenCertificate {
  readonly certificate: string;
  readonly proof: string;
}

async function certificateOf(
  shop: Fixture,
  { id, requestToken }: OpenedRequest,
): Promise<ProvenCertificate> {
  const headers = { "x-request-token": requestToken };
  const { body } = await shop.call("GET", `/requests/${id}`, { headers });
  const path = `/certificates/${String(body["certificateId"])}`;
  return (await shop.call("GET", path, { headers })).body as unknown as ProvenCertificate;
}

async function verdict(keys: KeySet, { certificate, proof }: ProvenCertificate, now: number) {
  const { verdict: found, checks } = await verifyStatement(certificate, {
    keys,
    now,
    proof: { text: proof, verifyEd25519 },
  });
  return { found, bad: checks.filter(({ ok }) => !ok) };
}

const servers = process.env["TEST_DATABASE"] === undefined ? [] : ["PostgreSQL"];

describe.each(servers)("moveDatabase, to %s", () => {
  let server: TestDatabase;
  beforeAll(async () => {
    server = await openTestDatabase();
  });
  afterAll(() => server.close());

  it("takes along consents, a half-done erasure, proofs and keys; the folder is closed behind it", async () => {
    const from = newFolder();
    const keys = newFolder();
    const store = memoryStore();
    store.rows.push(row("gone"), row("half"));
    const before = await openFixture(await embeddedDatabase(from), { store });
    await before.give("lin", "delivery");
    const gone = (await before.call("POST", "/requests", { as: "gone", body: { kind: "erase" } }))
      .body as unknown as OpenedRequest;
    await before.privacy.idle();
    const oldProof = await certificateOf(before, gone);
    const { erase } = store.connector;
    const began = new Promise<void>((resolve) => {
      (store.connector as { erase: unknown }).erase = () => {
        resolve();
        return Promise.reject(new Error("the store is down"));
      };
    });
    const half = (await before.call("POST", "/requests", { as: "half", body: { kind: "erase" } }))
      .body as unknown as OpenedRequest;
    await began;
    await before.privacy.close();

    const other = await openTestDatabase();
    await other.tables.schema.createTable("orders").addColumn("id", "integer").execute();
    const foreign = moveDatabase({ from, to: other.url!, keys, actor: "test" });
    await expect(foreign).rejects.toThrow("the target is not empty");
    await other.close();

    const { host, pathname } = new URL(server.url!);
    const target = `${host}${pathname}`;
    // A move that was cut off while it committed is made again.
    await writeMoveNote(from, { movedAt: "2026-11-24T08:00:00Z", actor: "test", to: target });
    const args = ["--from", from, "--to", server.url!, "--keys", keys, "--actor", "lin", "--json"];
    const { code, stdout } = await runCommand("db", "move", ...args);
    expect(code).toBe(0);
    const moved = JSON.parse(stdout) as { actor: string; tables: object; log: object };
    expect(moved.actor).toBe("lin");
    expect(moved.tables).toMatchObject({
      subject: 2,
      certificate: 1,
      "miniprivacy_queue.job": expect.any(Number),
    });
    for (const name of await readdir(keys))
      expect((await stat(join(keys, name))).mode & 0o777).toBe(0o600);
    await expect(embeddedDatabase(from)).rejects.toThrow(`the database was moved to ${target}`);
    expect(JSON.parse(await readFile(join(from, "moved.json"), "utf8"))).toEqual({
      movedAt: expect.any(String),
      actor: "lin",
      to: target,
    });
    const again = moveDatabase({ from, to: server.url!, keys, actor: "test" });
    await expect(again).rejects.toThrow("the target is not empty");

    (store.connector as { erase: unknown }).erase = erase;
    const database = { ...(await postgresDatabase(server.url!)), keys: await keysFromFolder(keys) };
    const { size, root: hash } = await recomputeLog(database.tables);
    expect(moved.log).toEqual({ size, root: Buffer.from(hash).toString("base64") });
    const after = await openFixture(database, { store });
    await after.privacy.idle();
    expect(store.rows).toEqual([]);
    const { body } = await after.call("GET", "/consents", { as: "lin" });
    expect(body["consents"]).toMatchObject([{ purpose: "delivery", status: "given" }, {}]);
    const jwks = (await after.call("GET", "/.well-known/jwks.json")).body as unknown as KeySet;
    const proofs = [oldProof, await certificateOf(after, gone), await certificateOf(after, half)];
    for (const proof of proofs)
      expect(await verdict(jwks, proof, after.now())).toEqual({ found: "valid", bad: [] });
    const reader = await after.privacy.access.for("lin", "delivery");
    const parcel = { id: "1", memberId: "lin", phone: "139", address: "Road 8", closedAt: null };
    expect(reader.read("order", parcel).permitted).toBe(true);
    await after.privacy.close();
  });
});

describe("moveDatabase", () => {
  it("refuses a folder that holds no database, and makes none there", async () => {
    const from = newFolder();
    const to = "postgres://nobody@127.0.0.1:1/none";
    await expect(moveDatabase({ from, to, keys: newFolder(), actor: "test" })).rejects.toThrow(
      "the folder holds no database",
    );
    await expect(stat(from)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
