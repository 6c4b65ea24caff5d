import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keysFromFolder } from "../key/key-folder.ts";
import { type CommandOutcome, runCommand } from "./run-command.fixture.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "keys-"));
});
afterAll(() => rm(dir, { recursive: true }));

function run(...args: readonly string[]): Promise<CommandOutcome> {
  return runCommand("keys", "init", ...args);
}

describe("miniprivacy keys init", () => {
  it("makes keys that only their owner can read, and says their thumbprint", async () => {
    const folder = join(dir, "one");
    const { code, stdout } = await run(folder, "--json", "--actor", "lin");
    expect(code).toBe(0);
    const keys = await keysFromFolder(folder);
    expect(JSON.parse(stdout)).toEqual({
      thumbprint: keys.signer.kid,
      logThumbprint: keys.log.publicJwk.kid,
    });
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
    const made = JSON.parse(await readFile(join(folder, "made.json"), "utf8")) as object;
    expect(made).toEqual({ madeBy: "lin", madeAt: expect.any(String) });
  });

  it("never overwrites keys", async () => {
    const folder = join(dir, "two");
    expect((await run(folder)).code).toBe(0);
    const before = (await keysFromFolder(folder)).signer.kid;
    expect((await run(folder)).code).toBe(2);
    expect((await keysFromFolder(folder)).signer.kid).toBe(before);
  });
});

describe("keysFromFolder", () => {
  it("refuses keys that are missing, cut, or readable by others", async () => {
    const folder = join(dir, "three");
    await expect(keysFromFolder(folder)).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
    await run(folder);
    await chmod(join(folder, "mac.key"), 0o640);
    await expect(keysFromFolder(folder)).rejects.toThrow("mac.key is readable by others");
    await chmod(join(folder, "mac.key"), 0o600);
    await truncate(join(folder, "mac.key"), 16);
    await expect(keysFromFolder(folder)).rejects.toThrow("mac.key must be 32 bytes");
  });
});
