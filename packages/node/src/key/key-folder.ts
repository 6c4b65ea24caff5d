import { link, mkdir, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createSigner, type PrivateJwk } from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import { createLogSigner } from "../log/log-signer.ts";
import { generateKeys, type Keys, SECRET_NAMES, type SecretName, type StoredKeys } from "./keys.ts";

const JWK_FILES = { signing: "signing.jwk.json", log: "log.jwk.json" } as const;
const secretFile = (name: SecretName): string => `${name}.key`;
/** In the order in which they are put in place. */
const FILES: readonly string[] = [
  ...SECRET_NAMES.map(secretFile),
  JWK_FILES.log,
  JWK_FILES.signing,
];

/**
 * Reads the keys of a folder: `signing.jwk.json`, `log.jwk.json`, and a file of 32 bytes for each of `mac`, `index`,
 * `ledger` and `evidence` (`mac.key` …), every one readable by its owner only. Nothing is ever written.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` naming the file that is missing, malformed or readable by others.
 */
export async function keysFromFolder(dir: string): Promise<Keys> {
  const secrets = SECRET_NAMES.map(async (name) => [name, await readKey(dir, secretFile(name))]);
  return {
    ...(Object.fromEntries(await Promise.all(secrets)) as Pick<StoredKeys, SecretName>),
    signer: await readJwk(dir, JWK_FILES.signing, createSigner),
    log: await readJwk(dir, JWK_FILES.log, createLogSigner),
  };
}

/**
 * Makes the keys of a new deployment. Every file is written aside and put in place whole; none is ever replaced.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` when the folder holds a key already, or cannot be written: without the old
 *   keys every person's link would be lost.
 */
export async function initKeyFolder(dir: string): Promise<Keys> {
  const { signing, log, ...secrets } = await generateKeys();
  const contents = new Map<string, Uint8Array>([
    ...SECRET_NAMES.map((name) => [secretFile(name), secrets[name]] as const),
    [JWK_FILES.signing, Buffer.from(JSON.stringify(signing))],
    [JWK_FILES.log, Buffer.from(JSON.stringify(log))],
  ]);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if (await hasKeys(dir)) throw holdsKeys();
    const aside = await mkdtemp(join(dir, ".new-"));
    try {
      for (const name of FILES) await writeSecret(join(aside, name), contents.get(name)!);
      // A link, unlike a rename, fails where a file is: of two at work here the slower stops at the first key.
      for (const name of FILES) await link(join(aside, name), join(dir, name));
      await syncFolder(dir);
    } finally {
      await rm(aside, { recursive: true });
    }
  } catch (cause) {
    if (cause instanceof PrivacyError) throw cause;
    throw codeOf(cause) === "EEXIST"
      ? holdsKeys()
      : new PrivacyError("ERR_CONFIG_INVALID", {
          detail: "the key folder cannot be written",
          cause,
        });
  }
  return keysFromFolder(dir);
}

/** Whether a folder holds a key, be it the only one. */
export async function hasKeys(dir: string): Promise<boolean> {
  const present = await readdir(dir).catch((cause: unknown): readonly string[] => {
    if (codeOf(cause) === "ENOENT") return [];
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "the key folder cannot be read",
      cause,
    });
  });
  return FILES.some((name) => present.includes(name));
}

function holdsKeys(): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", { detail: "the folder already holds keys" });
}

async function writeSecret(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names durable, not only what stands behind them. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, "r");
  try {
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

async function readJwk<Opened>(
  dir: string,
  name: string,
  open: (jwk: PrivateJwk) => Promise<Opened>,
): Promise<Opened> {
  const text = (await readSecret(dir, name)).toString("utf8");
  try {
    return await open({ ...(JSON.parse(text) as PrivateJwk) });
  } catch {
    // The cause stays here: a parser's error quotes what it read.
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${name} holds no usable key` });
  }
}

async function readSecret(dir: string, name: string): Promise<Buffer> {
  try {
    const file = await open(join(dir, name), "r");
    try {
      if (((await file.stat()).mode & 0o077) !== 0)
        throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `${name} is readable by others` });
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof PrivacyError) throw cause;
    const missing = codeOf(cause) === "ENOENT";
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `${name} ${missing ? "is missing" : "cannot be read"}`,
      cause,
    });
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}
