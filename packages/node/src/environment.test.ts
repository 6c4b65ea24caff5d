import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storeFromEnvironment } from "./environment.ts";
import { initKeyFolder } from "./key/key-folder.ts";

/** Nobody listens there: whoever tries to reach it says so by another code. */
const NO_SERVER = "postgres://nobody@127.0.0.1:1/none";

describe("storeFromEnvironment", () => {
  let dir: string;
  const before = { ...process.env };
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "environment-"));
    process.env["DATABASE_URL"] = NO_SERVER;
    delete process.env["MINIPRIVACY_KEYS"];
  });
  afterEach(async () => {
    process.env = { ...before };
    await rm(dir, { recursive: true });
  });

  it("refuses PostgreSQL without keys before it is reached", async () => {
    await expect(storeFromEnvironment()).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
  });

  it("takes the keys of the folder that is named, or those it is given", async () => {
    const keys = await initKeyFolder(join(dir, "keys"));
    const unreachable = { code: "ERR_STORE_UNAVAILABLE" };
    await expect(storeFromEnvironment({ keys })).rejects.toMatchObject(unreachable);
    process.env["MINIPRIVACY_KEYS"] = join(dir, "keys");
    await expect(storeFromEnvironment()).rejects.toMatchObject(unreachable);
  });
});
