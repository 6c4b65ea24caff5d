import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { FilePattern } from "./file-pattern.ts";
import { fileSafe, idOfFileSafe, isFileSafeDigest } from "./file-safe.ts";
import { requireRoot } from "./subject-files.ts";

/**
 * Everybody who has files.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when the root is missing, and after all others where a name is the digest of
 *   a long id, which does not tell whose it is.
 */
export async function* subjectsWithFiles(
  root: string,
  { segments, isOpen }: FilePattern,
): AsyncIterable<SubjectIdentity> {
  await requireRoot(root);
  const walk: Walk = { endsInFile: !isOpen, untold: false };
  yield* subjectsBelow(walk, root, segments, {});
  if (walk.untold)
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", {
      detail: "some names are digests, which do not tell whose they are",
    });
}

interface Walk {
  readonly endsInFile: boolean;
  /** Whether a name was met that does not tell whose it is. */
  untold: boolean;
}

async function* subjectsBelow(
  walk: Walk,
  dir: string,
  [segment, ...rest]: readonly string[],
  known: Partial<SubjectIdentity>,
): AsyncIterable<SubjectIdentity> {
  if (segment === undefined) {
    yield { tenant: known.tenant ?? "", subjectId: known.subjectId! };
    return;
  }
  const [before, placeholder = "", after = ""] = segment.split(PLACEHOLDER) as [
    string,
    string?,
    string?,
  ];
  const member = MEMBERS[placeholder];
  for await (const entry of entriesOf(dir)) {
    const { name } = entry;
    if (!(rest.length === 0 && walk.endsInFile ? entry.isFile() : entry.isDirectory())) continue;
    if (member === undefined) {
      if (name === segment) yield* subjectsBelow(walk, join(dir, name), rest, known);
      continue;
    }
    if (!name.startsWith(before) || !name.endsWith(after)) continue;
    const named = name.slice(before.length, name.length - after.length);
    const id = idOfFileSafe(named);
    if (id === undefined) walk.untold ||= isFileSafeDigest(named);
    else if (known[member] === undefined || fileSafe(known[member]) === named)
      yield* subjectsBelow(walk, join(dir, name), rest, { ...known, [member]: id });
  }
}

const PLACEHOLDER = /(\{subjectId\}|\{tenant\})/;
const MEMBERS: { readonly [placeholder: string]: keyof SubjectIdentity | undefined } = {
  "{subjectId}": "subjectId",
  "{tenant}": "tenant",
};

async function* entriesOf(dir: string): AsyncIterable<Dirent> {
  try {
    yield* await opendir(dir);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return;
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}
