import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSubjectFolder } from "./subject-folder.ts";

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
