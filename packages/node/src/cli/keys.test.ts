import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keysFromFolder } from "../key/key-folder.ts";

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "keys-"));
});
afterAll(() => rm(dir, { recursive: true }));

function run(
  ...all: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string }> {
  const args = ["--import", "tsx", "--conditions", "@miniprivacy/source", CLI, ...all];
  return new Promise((resolve) =>
    execFile(process.execPath, args, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), stdout }),
    ),
  );
}

describe("miniprivacy keys init", () => {
  it("makes keys that only their owner can read, and says their thumbprint", async () => {
    const folder = join(dir, "one");
    const { code, stdout } = await run("keys", "init", folder, "--json");
    expect(code).toBe(0);
    const keys = await keysFromFolder(folder);
    expect(JSON.parse(stdout)).toEqual({ thumbprint: keys.signer.kid });
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
  });

  it("never overwrites keys", async () => {
    const folder = join(dir, "two");
    expect((await run("keys", "init", folder)).code).toBe(0);
    const before = (await keysFromFolder(folder)).signer.kid;
    expect((await run("keys", "init", folder)).code).toBe(2);
    expect((await keysFromFolder(folder)).signer.kid).toBe(before);
  });
});

describe("keysFromFolder", () => {
  it("refuses keys that are missing, cut, or readable by others", async () => {
    const folder = join(dir, "three");
    await expect(keysFromFolder(folder)).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
    await run("keys", "init", folder);
    await chmod(join(folder, "mac.key"), 0o640);
    await expect(keysFromFolder(folder)).rejects.toThrow("mac.key is readable by others");
    await chmod(join(folder, "mac.key"), 0o600);
    await truncate(join(folder, "mac.key"), 16);
    await expect(keysFromFolder(folder)).rejects.toThrow("mac.key must be 32 bytes");
  });
});
