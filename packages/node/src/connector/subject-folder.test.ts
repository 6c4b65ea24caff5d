import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSubjectFolder, subjectsWithFolders } from "./subject-folder.ts";

it("openSubjectFolder reads no link that took a file's place after it was listed, and no file that went", async () => {
  const root = await mkdtemp(join(tmpdir(), "subject-folder-"));
  await mkdir(join(root, "lin"));
  await writeFile(join(root, "outside"), "another's");
  const folder = await openSubjectFolder(root, "{subjectId}", { tenant: "", subjectId: "lin" });
  await symlink("../outside", join(root, "lin", "a.txt"));
  await expect(folder!.read("a.txt")).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  expect(await folder!.read("b.txt")).toBeUndefined();
  await rm(root, { recursive: true });
});

it("subjectsWithFolders names everybody whose folder tells, and then says that one does not", async () => {
  const root = await mkdtemp(join(tmpdir(), "subject-folder-"));
  const template = "of/{tenant}/people/{subjectId}/files";
  const named = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { tenant, subjectId } of subjectsWithFolders(root, template))
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
