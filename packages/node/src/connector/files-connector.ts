import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import { type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import type { Connector } from "./connector.ts";

export interface FilesConnectorOptions {
  readonly root: string;
  /** Name of the record whose rows are the files. */
  readonly record: string;
  /** Folder of one subject below `root`; `{subjectId}` stands for the escaped id. */
  readonly folder: string;
  /** The field that is the file's name, and the one that is its text. */
  readonly fields: { readonly name: string; readonly content: string };
}

/** Connects a tree of text files: one folder a subject, one row a file. */
export function filesConnector({ root, record, folder, fields }: FilesConnectorOptions): Connector {
  if (!folder.includes("{subjectId}")) throw new TypeError("folder must contain {subjectId}");
  const folderOf = (subjectId: string): string =>
    join(root, folder.replaceAll("{subjectId}", fileSafe(subjectId)));

  return {
    kind: "file",
    records: [record],
    keyField: () => fields.name,
    async describe() {
      return {
        selector: `${folder}/*`,
        technique: "unlink",
        tool: "node:fs",
        toolVersion: process.versions.node,
      };
    },
    async find(personalRecord: PersonalRecord, subjectId) {
      const subjectField = subjectFieldName(personalRecord);
      const dir = folderOf(subjectId);
      const names = await fileNames(dir);
      return Promise.all(
        names.map(async (name) => ({
          [fields.name]: name,
          [subjectField]: subjectId,
          [fields.content]: await readFile(join(dir, name), "utf8"),
        })),
      );
    },
    async count(_record, subjectId) {
      return (await fileNames(folderOf(subjectId))).length;
    },
    async erase(_record, subjectId) {
      await rm(folderOf(subjectId), { recursive: true, force: true });
    },
    async remnants() {
      return [];
    },
    async rectify(_record, subjectId, key, patch) {
      const names = await fileNames(folderOf(subjectId));
      if (!names.includes(key)) return false;
      const content = patch[fields.content];
      if (typeof content !== "string") throw new PrivacyError("ERR_INPUT_INVALID");
      await writeFile(join(folderOf(subjectId), key), content);
      return true;
    },
  };
}

/**
 * A name that stays one path segment whatever the id holds: everything but letters, digits, `-` and `_` as `%XX`.
 *
 * @throws RangeError for an empty id, which would name the folder of everybody.
 */
export function fileSafe(subjectId: string): string {
  if (subjectId === "") throw new RangeError("subjectId is empty");
  return [...Buffer.from(subjectId)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(char)
        ? char
        : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`;
    })
    .join("");
}

async function fileNames(dir: string): Promise<readonly string[]> {
  try {
    const names = await readdir(dir);
    const kinds = await Promise.all(names.map((name) => stat(join(dir, name))));
    return names.filter((_, i) => kinds[i]!.isFile()).toSorted();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}
