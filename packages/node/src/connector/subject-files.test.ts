import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filePattern } from "./file-pattern.ts";
import { subjectsWithFiles } from "./file-subjects.ts";
import { openSubjectFiles } from "./subject-files.ts";

it("openSubjectFiles reads no link that took a file's place after it was listed, and no file that went", async () => {
  const root = await mkdtemp(join(tmpdir(), "subject-files-"));
  await mkdir(join(root, "lin"));
  await writeFile(join(root, "outside"), "another's");
  const lin = { tenant: "", subjectId: "lin" };
  const files = await openSubjectFiles(root, filePattern("{subjectId}/*"), lin);
  await symlink("../outside", join(root, "lin", "a.txt"));
  await expect(files!.read("a.txt")).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  expect(await files!.read("b.txt")).toBeUndefined();
  await rm(root, { recursive: true });
});

it("subjectsWithFiles names everybody whose folder tells, and then says that one does not", async () => {
  const root = await mkdtemp(join(tmpdir(), "subject-files-"));
  const pattern = filePattern("of/{tenant}/people/{subjectId}/files/*");
  const named = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { tenant, subjectId } of subjectsWithFiles(root, pattern))
      found.push(`${tenant}/${subjectId}`);
    return found.toSorted((one, other) => (one < other ? -1 : 1));
  };
  expect(await named()).toEqual([]);
  for (const path of ["north/people/lin", "north/people/l%69n", "south/people/%c3%a9"])
    await mkdir(join(root, "of", path, "files"), { recursive: true });
  // Neither has what the template asks for below it.
  await mkdir(join(root, "of/north/people/nobody"), { recursive: true });
  await writeFile(join(root, "of/north/people/file"), "");
  expect(await named()).toEqual(["north/lin", "south/\u00e9"]);
  await mkdir(join(root, "of/north/people", `~${"0".repeat(64)}`, "files"), { recursive: true });
  await expect(named()).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  await rm(root, { recursive: true });
  await expect(named()).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
});

it("subjectsWithFiles names everybody who has the one file", async () => {
  const root = await mkdtemp(join(tmpdir(), "subject-files-"));
  const pattern = filePattern("letters/to-{subjectId}.txt");
  await mkdir(join(root, "letters/to-folder.txt"), { recursive: true });
  for (const name of ["to-lin.txt", "to-%c3%a9.txt", "lin.txt", "to-wang.txt.draft", "to-.txt"])
    await writeFile(join(root, "letters", name), "");
  const found: string[] = [];
  for await (const { subjectId } of subjectsWithFiles(root, pattern)) found.push(subjectId);
  expect(found.toSorted((one, other) => (one < other ? -1 : 1))).toEqual(["lin", "\u00e9"]);
  await rm(root, { recursive: true });
});
