import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillDatabaseFolder } from "../database/database-folder.fixture.ts";
import { embeddedDatabase } from "../database/embedded-database.ts";
import { initKeyFolder, keysFromFolder } from "./key-folder.ts";

const FILES = [
  "evidence.key",
  "index.key",
  "ledger.key",
  "log.jwk.json",
  "mac.key",
  "signing.jwk.json",
];
let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "key-folder-"));
});
afterAll(() => rm(root, { recursive: true }));

const newFolder = (): string => join(root, `f${count++}`);

async function contents(dir: string): Promise<readonly string[]> {
  const names = (await readdir(dir)).toSorted();
  return Promise.all(
    names.map(async (name) => `${name} ${await readFile(join(dir, name), "hex")}`),
  );
}

describe("initKeyFolder", () => {
  it("makes whole files that only their owner can read, in a folder that only she can enter", async () => {
    const dir = newFolder();
    await initKeyFolder(dir);
    expect((await readdir(dir)).toSorted()).toEqual(FILES);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    for (const name of FILES) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
  });

  it.each(FILES)("writes nothing beside a lone %s", async (name) => {
    const dir = newFolder();
    await mkdir(dir);
    await writeFile(join(dir, name), "kept", { mode: 0o600 });
    const before = await contents(dir);
    await expect(initKeyFolder(dir)).rejects.toThrow("already holds keys");
    expect(await contents(dir)).toEqual(before);
  });

  it("lets one of two at work in the same folder win, whole", async () => {
    for (let round = 0; round < 5; round++) {
      const dir = newFolder();
      const makers = await Promise.allSettled([initKeyFolder(dir), initKeyFolder(dir)]);
      const made = makers.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(made).toHaveLength(1);
      const { signer, log, mac } = await keysFromFolder(dir);
      expect([signer.kid, log.origin, mac]).toEqual([
        made[0]!.signer.kid,
        made[0]!.log.origin,
        made[0]!.mac,
      ]);
      expect((await readdir(dir)).toSorted()).toEqual(FILES);
    }
  });

  it("says so when the folder cannot be made", async () => {
    const file = newFolder();
    await writeFile(file, "");
    await expect(initKeyFolder(file)).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
    await expect(initKeyFolder(join(file, "x"))).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
    });
  });
});

describe("keysFromFolder", () => {
  it.each(FILES)("names a missing %s, and writes nothing", async (name) => {
    const dir = newFolder();
    await initKeyFolder(dir);
    await rm(join(dir, name));
    const before = await contents(dir);
    await expect(keysFromFolder(dir)).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
      message: expect.stringContaining(`${name} is missing`) as string,
    });
    expect(await contents(dir)).toEqual(before);
  });

  it.each(FILES)(
    "names a %s that is cut, that is something else, or that others can read",
    async (name) => {
      const dir = newFolder();
      await initKeyFolder(dir);
      const file = join(dir, name);
      const whole = await readFile(file);
      const refused = async (content: Uint8Array | string): Promise<unknown> => {
        await writeFile(file, content);
        return keysFromFolder(dir).catch((error: unknown) => error);
      };
      for (const bad of [
        whole.subarray(0, 20),
        "",
        "null",
        "[]",
        '"x"',
        '{"kty":"OKP"}',
        "\u0000",
      ]) {
        const error = (await refused(bad)) as Error & { code: string };
        expect(error.code).toBe("ERR_CONFIG_INVALID");
        expect(error.message).toContain(name);
        const told = `${error.stack} ${String(error.cause)} ${JSON.stringify(error)}`;
        expect(told).not.toContain(whole.subarray(8, 20).toString("utf8"));
      }
      await writeFile(file, whole);
      for (const mode of [0o640, 0o604, 0o660]) {
        await chmod(file, mode);
        await expect(keysFromFolder(dir)).rejects.toThrow(`${name} is readable by others`);
      }
    },
  );

  it("takes no other key for the log's or the signer's", async () => {
    const dir = newFolder();
    await initKeyFolder(dir);
    await writeFile(join(dir, "log.jwk.json"), await readFile(join(dir, "signing.jwk.json")));
    await expect(keysFromFolder(dir)).rejects.toThrow("log.jwk.json holds no usable key");
  });
});

describe("embeddedDatabase", () => {
  /** A folder with a database and its keys. */
  async function madeFolder(): Promise<string> {
    const dir = newFolder();
    await fillDatabaseFolder(dir);
    return dir;
  }

  it.each(["signing.jwk.json", "mac.key", "all of them"])(
    "makes no new keys for a database that lost %s",
    async (name) => {
      const dir = await madeFolder();
      const keys = join(dir, "keys");
      if (name === "all of them") await rm(keys, { recursive: true });
      else await rename(join(keys, name), join(dir, "taken"));
      const before = name === "all of them" ? [] : await contents(keys);
      await expect(embeddedDatabase(dir)).rejects.toMatchObject({ code: "ERR_CONFIG_INVALID" });
      const after = name === "all of them" ? await readdir(dir) : await contents(keys);
      if (name === "all of them") expect(after).not.toContain("keys");
      else expect(after).toEqual(before);
    },
  );

  it("goes on once the key is back: what failed has let the folder go", async () => {
    const dir = await madeFolder();
    const first = await keysFromFolder(join(dir, "keys"));
    const file = join(dir, "keys", "signing.jwk.json");
    await rename(file, `${file}.away`);
    await expect(embeddedDatabase(dir)).rejects.toThrow("signing.jwk.json is missing");
    await rename(`${file}.away`, file);
    const again = await embeddedDatabase(dir);
    expect(again.keys!.signer.kid).toBe(first.signer.kid);
    await again.close();
  });

  it("takes keys that are kept elsewhere, and makes none beside them", async () => {
    const [dir, elsewhere] = [newFolder(), newFolder()];
    const keys = await initKeyFolder(elsewhere);
    const database = await embeddedDatabase(dir, { keys });
    expect(database.keys!.signer.kid).toBe(keys.signer.kid);
    expect(await readdir(dir)).not.toContain("keys");
    await database.close();
  });
});
