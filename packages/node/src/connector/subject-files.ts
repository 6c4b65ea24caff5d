import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { type FilePattern, pathSegments } from "./file-pattern.ts";

/** The files of one subject below a root, which no link leads to and none leads out of. */
export interface SubjectFiles {
  /** What the `*` of the pattern stands for in each, sorted; the pattern itself where it has none. */
  names(): Promise<readonly string[]>;
  /** The text of one of them; undefined when it is gone. */
  read(name: string): Promise<string | undefined>;
  /** Whole or not at all; a link that took the file's place is replaced, not followed. */
  replace(name: string, content: string): Promise<void>;
  /** Removes them all, and the folders that bear the subject's name and are empty now. */
  remove(): Promise<void>;
}

/**
 * Finds a subject's files.
 *
 * @returns undefined when there is no folder for them.
 * @throws PrivacyError `ERR_CONFIG_INVALID` for a tenant the pattern cannot name, and where a file or folder bears the id as
 *   it is in place of `fileSafe(id)`; `ERR_STORE_UNAVAILABLE` when the root is missing, or a link or another thing that is
 *   no folder stands in the way.
 */
export async function openSubjectFiles(
  root: string,
  pattern: FilePattern,
  subject: SubjectIdentity,
): Promise<SubjectFiles | undefined> {
  const segments = pathSegments(pattern, subject);
  await requireRoot(root);
  const paths = [root];
  for (const [i, { name, unsafe }] of segments.entries()) {
    const above = paths.at(-1)!;
    if (unsafe !== undefined && (await kindOf(join(above, unsafe))) !== "nothing")
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "a name is not made by fileSafe" });
    paths.push(join(above, name));
    if (!pattern.isOpen && i === segments.length - 1) break;
    const kind = await kindOf(paths.at(-1)!);
    if (kind === "nothing") return undefined;
    if (kind !== "folder") throw inTheWay();
  }
  const place = paths.at(-1)!;
  const firstOwn = 1 + segments.findIndex(({ own }) => own);
  const emptied = paths.slice(firstOwn, -1).toReversed();
  return pattern.isOpen ? filesBelow(place, emptied) : oneFile(place, pattern.template, emptied);
}

/** A root that is not there is not an empty one: a volume may not be mounted. */
export async function requireRoot(root: string): Promise<void> {
  const found = await ask(() => stat(root));
  if (found?.isDirectory() !== true)
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the root folder is missing" });
}

function filesBelow(dir: string, emptied: readonly string[]): SubjectFiles {
  return {
    names: async () => (await namesBelow(dir, "")).toSorted(),
    read: (name) => readText(join(dir, name)),
    async replace(name, content) {
      const path = join(dir, name);
      await replaceFile(path, join(dirname(path), `.${randomUUID()}.draft`), content);
    },
    async remove() {
      // Links are unlinked, never followed. A file written meanwhile makes it try again.
      await ask(() => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 10 }));
      for (const path of emptied) await removeIfEmpty(path);
    },
  };
}

/** What a killed process left of a correction lies beside the file, under a name that is hers, and counts as hers. */
function oneFile(file: string, template: string, emptied: readonly string[]): SubjectFiles {
  const places = new Map([
    [template, file],
    [`${template}.draft`, `${file}.draft`],
  ]);
  return {
    async names() {
      const found: string[] = [];
      for (const [name, path] of places) {
        const kind = await kindOf(path);
        if (kind === "file") found.push(name);
        else if (kind !== "nothing") throw inTheWay();
      }
      return found;
    },
    read: (name) => readText(places.get(name)!),
    async replace(name, content) {
      await ask(() => rm(`${file}.draft`, { force: true }));
      await replaceFile(places.get(name)!, `${file}.draft`, content);
    },
    async remove() {
      for (const path of places.values()) await ask(() => rm(path, { force: true }));
      for (const path of emptied) await removeIfEmpty(path);
    },
  };
}

/** A link put there since the folder was listed is not followed. */
async function readText(path: string): Promise<string | undefined> {
  const handle = await ask(() => open(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  if (handle === undefined) return undefined;
  try {
    return await ask(() => handle.readFile("utf8"));
  } finally {
    await handle.close();
  }
}

async function replaceFile(path: string, draft: string, content: string): Promise<void> {
  try {
    await writeFile(draft, content, { flag: "wx" });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw unavailable(cause);
  }
}

async function namesBelow(dir: string, prefix: string): Promise<readonly string[]> {
  const entries = (await ask(() => readdir(dir, { withFileTypes: true }))) ?? [];
  const found = await Promise.all(
    entries.map(async (entry): Promise<readonly string[]> => {
      const name = `${prefix}${entry.name}`;
      if (entry.isFile()) return [name];
      if (entry.isDirectory()) return namesBelow(join(dir, entry.name), `${name}/`);
      throw inTheWay();
    }),
  );
  return found.flat();
}

async function removeIfEmpty(dir: string): Promise<void> {
  try {
    await rmdir(dir);
  } catch (cause) {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(codeOf(cause))) throw unavailable(cause);
  }
}

async function kindOf(path: string): Promise<"nothing" | "folder" | "file" | "other"> {
  const found = await ask(() => lstat(path));
  if (found === undefined) return "nothing";
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "other";
}

/** Undefined when the thing asked for is not there. */
async function ask<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await call();
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw unavailable(cause);
  }
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? "";
}

function unavailable(cause: unknown): PrivacyError {
  return new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
}

/** What lies behind it may be hers or another's: nothing is said and nothing erased until somebody has looked. */
function inTheWay(): PrivacyError {
  return new PrivacyError("ERR_STORE_UNAVAILABLE", {
    detail: "a link or special file lies where a subject's files do",
  });
}
