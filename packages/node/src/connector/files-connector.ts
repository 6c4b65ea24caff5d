import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import { type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { Connector, RecordRow } from "./connector.ts";
import {
  namesTenant,
  openSubjectFolder,
  requireTemplate,
  type SubjectFolder,
  subjectsWithFolders,
} from "./subject-folder.ts";
import { wholeRows } from "./whole-rows.ts";

export interface FilesConnectorOptions {
  /** Must exist whenever it is asked: a volume that is not mounted is not an empty store. */
  readonly root: string;
  /** Name of the record whose rows are the files. */
  readonly record: string;
  /**
   * Folder of one subject below `root`, segments parted by `/`: `{subjectId}` stands for `fileSafe(subjectId)`, `{tenant}`
   * for `fileSafe(tenant)`. Without `{tenant}` the files are those of tenant `''`.
   */
  readonly folder: string;
  /** The field that is the file's path below the folder, and the one that is its text. */
  readonly fields: { readonly name: string; readonly content: string };
}

/**
 * Connects a tree of text files: one folder a subject, one row a file. Links are never followed: where one lies in a
 * subject's folder, every call is `ERR_STORE_UNAVAILABLE` until it is taken away.
 *
 * @throws TypeError when `folder` does not lead to a folder of the subject's own.
 */
export function filesConnector({ root, record, folder, fields }: FilesConnectorOptions): Connector {
  requireTemplate(folder);
  const folderOf = (subject: SubjectIdentity): Promise<SubjectFolder | undefined> =>
    openSubjectFolder(root, folder, subject);
  const filesOf = async (subject: SubjectIdentity): Promise<readonly string[]> =>
    (await (await folderOf(subject))?.files()) ?? [];

  async function erase(_record: PersonalRecord, subject: SubjectIdentity): Promise<void> {
    const own = await folderOf(subject);
    await own?.files();
    await own?.remove();
  }

  return {
    kind: "file",
    records: [record],
    separatesTenants: namesTenant(folder),
    keyField: () => fields.name,
    async describe(name) {
      if (name !== record)
        throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "another record lies here" });
      return {
        selector: `${folder}/**`,
        technique: "unlink",
        tool: "node:fs",
        toolVersion: process.versions.node,
      };
    },
    async find(personalRecord, subject) {
      const subjectField = subjectFieldName(personalRecord);
      const own = await folderOf(subject);
      const rows: RecordRow[] = [];
      for (const name of (await own?.files()) ?? []) {
        const content = await own!.read(name);
        if (content !== undefined)
          rows.push({
            [fields.name]: name,
            [subjectField]: subject.subjectId,
            [fields.content]: content,
          });
      }
      return rows;
    },
    async count(_record, subject) {
      return (await filesOf(subject)).length;
    },
    erase,
    ...wholeRows(fields.content, erase),
    subjects: () => subjectsWithFolders(root, folder),
    async remnants() {
      return [];
    },
    async rectify(_record, subject, key, patch) {
      const own = await folderOf(subject);
      if (own === undefined || !(await own.files()).includes(key)) return false;
      const content = patch[fields.content];
      if (typeof content !== "string" || Object.keys(patch).length !== 1)
        throw new PrivacyError("ERR_INPUT_INVALID");
      await replaceFile(own.path(key), content);
      return true;
    },
  };
}

/** Whole or not at all; a link that took the file's place is replaced, not followed. */
async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path.slice(0, path.lastIndexOf("/") + 1)}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, content, { flag: "wx" });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}
