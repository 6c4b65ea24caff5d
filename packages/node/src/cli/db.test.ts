import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fillDatabaseFolder } from "../database/database-folder.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { lockFolder } from "../database/folder-lock.ts";
import { writeMoveNote } from "../database/move-note.ts";
import { requireSameKeys } from "../key/key-check.ts";
import { initKeyFolder } from "../key/key-folder.ts";
import { runCommand } from "./run-command.fixture.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "db-"));
});
afterAll(() => rm(root, { recursive: true }));

/** A server that is not there. */
const TO = "postgres://nobody:secret@127.0.0.1:1/none";

describe("miniprivacy db move", () => {
  it("exits 2 and moves nothing: held, other keys, a target out of reach, moved before, wrong usage", async () => {
    const from = join(root, "from");
    await fillDatabaseFolder(from);
    const database = await embeddedDatabase(from);
    await requireSameKeys(database, database.keys!);
    await database.close();
    const move = async (keys: string): Promise<string> => {
      const args = ["--from", from, "--to", TO, "--keys", join(root, keys), "--json"];
      const { code, stdout, stderr } = await runCommand("db", "move", ...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).not.toContain("secret");
      return stderr;
    };
    const held = await lockFolder(from);
    let now = performance.now();
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 10_000));
    expect(await move("keys")).toContain("ERR_DATABASE_LOCKED");
    clock.mockRestore();
    await held.release();

    await initKeyFolder(join(root, "others"));
    expect(await move("others")).toContain("key is not this deployment's");
    expect(await move("keys")).toContain("ERR_STORE_UNAVAILABLE");
    expect(await readdir(join(root, "keys"))).toEqual(await readdir(join(from, "keys")));

    const note = { movedAt: "2026-11-24T08:00:00Z", actor: "lin", to: "db.example/privacy" };
    await writeMoveNote(from, note);
    expect(await move("keys")).toContain("moved to db.example/privacy");
    expect((await runCommand("db", "move", "--from", from)).code).toBe(2);
    await (await lockFolder(from, 0)).release();
  });
});
