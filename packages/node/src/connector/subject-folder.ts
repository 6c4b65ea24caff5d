import { constants } from "node:fs";
import { lstat, open, opendir, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { fileSafe, idOfFileSafe, isFileSafeDigest } from "./file-safe.ts";
import { requireTenant } from "./require-tenant.ts";

/** The folder of one subject below a root, which no link leads into and none leads out of. */
export interface SubjectFolder {
  /** Paths of its files below it, sorted. */
  files(): Promise<readonly string[]>;
  /** The text of one of them; undefined when it is gone. */
  read(file: string): Promise<string | undefined>;
  path(file: string): string;
  /** Removes it with all that it holds, and the folders above it that bear the subject's name and are empty now. */
  remove(): Promise<void>;
}

/** Whether a template keeps tenants in folders of their own. */
export function namesTenant(template: string): boolean {
  return template.split("/").includes("{tenant}");
}

/** @throws TypeError unless the template is a path below the root with `{subjectId}` as a segment of its own. */
export function requireTemplate(template: string): void {
  const parts = template.split("/");
  const plain = parts.filter((part) => part !== "{subjectId}" && part !== "{tenant}");
  if (plain.length === parts.length || !parts.includes("{subjectId}"))
    throw new TypeError("folder must contain {subjectId} as a segment");
  if (plain.some((part) => part === "" || part === "." || part === ".." || /[{}\\\0]/.test(part)))
    throw new TypeError("folder must be a plain path below root");
}

/**
 * Finds a subject's folder.
 *
 * @returns undefined when there is none.
 * @throws PrivacyError `ERR_CONFIG_INVALID` for a tenant the template cannot name, and where a folder bears the id as it is
 *   in place of `fileSafe(id)`; `ERR_STORE_UNAVAILABLE` when the root is missing, or a link or another thing that is no
 *   folder stands in the way.
 */
export async function openSubjectFolder(
  root: string,
  template: string,
  subject: SubjectIdentity,
): Promise<SubjectFolder | undefined> {
  const segments = segmentsOf(template, subject);
  await requireRoot(root);
  const paths: string[] = [];
  let above = root;
  for (const { name, unsafe } of segments) {
    if (unsafe !== undefined && (await kindOf(join(above, unsafe))) !== "nothing")
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "a folder is not named by fileSafe" });
    above = join(above, name);
    const kind = await kindOf(above);
    if (kind === "nothing") return undefined;
    if (kind !== "folder") throw inTheWay();
    paths.push(above);
  }
  const firstOwn = segments.findIndex(({ own }) => own);
  return folderAt(above, paths.slice(firstOwn, -1).toReversed());
}

/**
 * Everybody who has a folder.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` as above, and after all others where a folder's name is the digest of a long
 *   id, which does not tell whose it is.
 */
export async function* subjectsWithFolders(
  root: string,
  template: string,
): AsyncIterable<SubjectIdentity> {
  await requireRoot(root);
  const untold = { found: false };
  yield* subjectsBelow(root, template.split("/"), {}, untold);
  if (untold.found)
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", {
      detail: "the names of some folders are digests, which do not tell whose they are",
    });
}

async function* subjectsBelow(
  dir: string,
  [part, ...rest]: readonly string[],
  known: Partial<SubjectIdentity>,
  untold: { found: boolean },
): AsyncIterable<SubjectIdentity> {
  if ((await kindOf(dir)) !== "folder") return;
  if (part === undefined) {
    yield { tenant: known.tenant ?? "", subjectId: known.subjectId! };
    return;
  }
  const member = MEMBERS[part];
  const value = member && known[member];
  if (member === undefined || value !== undefined) {
    yield* subjectsBelow(
      join(dir, value === undefined ? part : fileSafe(value)),
      rest,
      known,
      untold,
    );
    return;
  }
  for await (const name of namesIn(dir)) {
    const id = idOfFileSafe(name);
    if (id === undefined) untold.found ||= isFileSafeDigest(name);
    else yield* subjectsBelow(join(dir, name), rest, { ...known, [member]: id }, untold);
  }
}

const MEMBERS: { readonly [part: string]: keyof SubjectIdentity | undefined } = {
  "{subjectId}": "subjectId",
  "{tenant}": "tenant",
};

async function* namesIn(dir: string): AsyncIterable<string> {
  const folder = await ask(() => opendir(dir));
  if (folder === undefined) return;
  try {
    for await (const { name } of folder) yield name;
  } catch (cause) {
    throw unavailable(cause);
  }
}

interface Segment {
  readonly name: string;
  /** Whether the subject's id is in it. */
  readonly own: boolean;
  /** The id itself, where it could be mistaken for the name. */
  readonly unsafe?: string;
}

function segmentsOf(template: string, { tenant, subjectId }: SubjectIdentity): readonly Segment[] {
  requireTenant(namesTenant(template), tenant);
  if (namesTenant(template) && tenant === "")
    throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "a folder of tenants needs a tenant" });
  return template.split("/").map((part) => {
    if (part === "{subjectId}") return segmentOf(subjectId, true);
    if (part === "{tenant}") return segmentOf(tenant, false);
    return { name: part, own: false };
  });
}

function segmentOf(id: string, own: boolean): Segment {
  const name = fileSafe(id);
  return { name, own, ...(couldBeTakenForName(id) && { unsafe: id }) };
}

/** An id that a host could have used as a folder's name, and that is the `fileSafe` of no other. */
function couldBeTakenForName(id: string): boolean {
  if (/[/\\\0]|^\.\.?$/.test(id) || Buffer.byteLength(id) > 255) return false;
  return !/^(?:[a-z0-9_-]|%[0-9a-f]{2})+$|^~[0-9a-f]{64}$/.test(id);
}

/** A root that is not there is not an empty one: a volume may not be mounted. */
async function requireRoot(root: string): Promise<void> {
  const found = await ask(() => stat(root));
  if (found?.isDirectory() !== true)
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the root folder is missing" });
}

function folderAt(dir: string, ancestors: readonly string[]): SubjectFolder {
  return {
    files: async () => (await filesBelow(dir, "")).toSorted(),
    path: (file) => join(dir, file),
    async read(file) {
      // A link put there since the folder was listed is not followed.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
      const handle = await ask(() => open(join(dir, file), flags));
      if (handle === undefined) return undefined;
      try {
        return await ask(() => handle.readFile("utf8"));
      } finally {
        await handle.close();
      }
    },
    async remove() {
      // Links are unlinked, never followed. A file written meanwhile makes it try again.
      await ask(() => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 10 }));
      for (const path of ancestors) await removeIfEmpty(path);
    },
  };
}

async function filesBelow(dir: string, prefix: string): Promise<readonly string[]> {
  const entries = (await ask(() => readdir(dir, { withFileTypes: true }))) ?? [];
  const found = await Promise.all(
    entries.map(async (entry): Promise<readonly string[]> => {
      const name = `${prefix}${entry.name}`;
      if (entry.isFile()) return [name];
      if (entry.isDirectory()) return filesBelow(join(dir, entry.name), `${name}/`);
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

async function kindOf(path: string): Promise<"nothing" | "folder" | "other"> {
  const found = await ask(() => lstat(path));
  if (found === undefined) return "nothing";
  return found.isDirectory() ? "folder" : "other";
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
    detail: "a link or special file lies in a subject's folder",
  });
}
