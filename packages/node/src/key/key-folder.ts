import { constants } from "node:fs";
import { mkdir, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import { generateKeys, type Keys, openKeys, type StoredKeys } from "./keys.ts";

const FILES = {
  signing: "signing.jwk.json",
  mac: "mac.key",
  index: "index.key",
  evidence: "evidence.key",
} as const;

/**
 * Reads the keys of a folder: `signing.jwk.json` and three files of 32 bytes, each readable by its owner only.
 *
 * @param options `create` makes the keys when the folder has none; an incomplete folder is never filled up (false).
 * @throws PrivacyError `ERR_CONFIG_INVALID` when a key is missing, malformed or readable by others.
 */
export async function keysFromFolder(
  dir: string,
  options: { readonly create?: boolean } = {},
): Promise<Keys> {
  if (options.create && !(await exists(join(dir, FILES.signing))))
    await writeKeys(dir, await generateKeys());
  return openKeys({
    signing: JSON.parse((await readSecret(dir, FILES.signing)).toString("utf8")),
    mac: await readKey(dir, FILES.mac),
    index: await readKey(dir, FILES.index),
    evidence: await readKey(dir, FILES.evidence),
  });
}

/**
 * Makes the keys of a new deployment.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the folder holds keys already: overwriting them would lose every person's link.
 */
export async function initKeyFolder(dir: string): Promise<Keys> {
  for (const name of Object.values(FILES)) {
    if (await exists(join(dir, name)))
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the folder already holds keys" });
  }
  await writeKeys(dir, await generateKeys());
  return keysFromFolder(dir);
}

/** The signing key goes last: a folder that has it is complete. */
async function writeKeys(
  dir: string,
  { signing, mac, index, evidence }: StoredKeys,
): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeSecret(join(dir, FILES.mac), mac);
  await writeSecret(join(dir, FILES.index), index);
  await writeSecret(join(dir, FILES.evidence), evidence);
  await writeSecret(join(dir, FILES.signing), Buffer.from(JSON.stringify(signing)));
}

async function writeSecret(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(
    file,
    constants.O_CREAT | constants.O_WRONLY | constants.O_TRUNC,
    0o600,
  );
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readKey(dir: string, name: string): Promise<Uint8Array> {
  const key = await readSecret(dir, name);
  if (key.length !== 32)
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${name} must be 32 bytes` });
  return key;
}

async function readSecret(dir: string, name: string): Promise<Buffer> {
  const file = join(dir, name);
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0)
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${name} is readable by others` });
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof PrivacyError) throw cause;
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${name} cannot be read`, cause });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
