import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filePattern } from "./file-pattern.ts";
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
