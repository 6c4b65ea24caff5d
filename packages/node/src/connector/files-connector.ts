import { PrivacyError } from "@miniprivacy/core/errors";
import { type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { Connector, RecordRow } from "./connector.ts";
import { filePattern, namesTenant } from "./file-pattern.ts";
import { subjectsWithFiles } from "./file-subjects.ts";
import { openSubjectFiles, type SubjectFiles } from "./subject-files.ts";
import { wholeRows } from "./whole-rows.ts";

export interface FilesConnectorOptions {
  /** Must exist whenever it is asked: a volume that is not mounted is not an empty store. */
  readonly root: string;
  /** Name of the record whose rows are the files. */
  readonly record: string;
  /**
   * The files of a subject below `root`, names parted by `/`: `notes/{subjectId}/*`, `letters/{tenant}/{subjectId}.txt`. `*`
   * stands at the end for every file below, however deep; `{subjectId}` for `fileSafe(subjectId)`, `{tenant}` for
   * `fileSafe(tenant)`. Without `{tenant}` the files are those of tenant `''`.
   */
  readonly path: string;
  /**
   * The field that names the row, by what `*` stands for or by `path` itself where there is no `*`, and the one that is the
   * file's text.
   */
  readonly fields: { readonly name: string; readonly content: string };
}

/**
 * Connects a tree of text files: a row a file. Links are never followed: where one lies among a subject's files, every
 * call is `ERR_STORE_UNAVAILABLE` until it is taken away.
 *
 * @throws TypeError when `path` does not tell one subject's files from another's.
 */
export function filesConnector({ root, record, path, fields }: FilesConnectorOptions): Connector {
  const pattern = filePattern(path);
  const filesOf = (subject: SubjectIdentity): Promise<SubjectFiles | undefined> =>
    openSubjectFiles(root, pattern, subject);
  const namesOf = async (subject: SubjectIdentity): Promise<readonly string[]> =>
    (await (await filesOf(subject))?.names()) ?? [];

  async function erase(_record: PersonalRecord, subject: SubjectIdentity): Promise<void> {
    const own = await filesOf(subject);
    await own?.names();
    await own?.remove();
  }

  return {
    kind: "file",
    records: [record],
    separatesTenants: namesTenant(pattern),
    keyField: () => fields.name,
    async describe(name) {
      if (name !== record)
        throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "another record lies here" });
      return {
        selector: path,
        technique: "unlink",
        tool: "node:fs",
        toolVersion: process.versions.node,
      };
    },
    async find(personalRecord, subject) {
      const subjectField = subjectFieldName(personalRecord);
      const own = await filesOf(subject);
      const rows: RecordRow[] = [];
      for (const name of (await own?.names()) ?? []) {
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
      return (await namesOf(subject)).length;
    },
    erase,
    ...wholeRows(fields.content, erase),
    subjects: () => subjectsWithFiles(root, pattern),
    async remnants() {
      return [];
    },
    async rectify(_record, subject, key, patch) {
      const own = await filesOf(subject);
      if (own === undefined || !(await own.names()).includes(key)) return false;
      const content = patch[fields.content];
      if (typeof content !== "string" || Object.keys(patch).length !== 1)
        throw new PrivacyError("ERR_INPUT_INVALID");
      await own.replace(key, content);
      return true;
    },
  };
}
