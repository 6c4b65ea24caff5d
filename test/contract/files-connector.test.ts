import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import { fileSafe, filesConnector } from "@miniprivacy/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { policy } from "./note-policy.ts";

const record = personalRecord(policy, "note", {
  name: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("note", z.string()),
});
const fields = { name: "name", content: "text" };
const lin = { tenant: "", subjectId: "lin" };

let dir: string;
let root: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "files-connector-"));
  root = join(dir, "root");
  await mkdir(join(root, "lin"), { recursive: true });
  await writeFile(join(root, "lin", "a.txt"), "one");
});
afterEach(() => rm(dir, { recursive: true }));

const connectorOf = (path = "{subjectId}/*") =>
  filesConnector({ root, record: "note", path, fields });

/** The codes that every call of a connector is refused with. */
async function refusals(path?: string): Promise<readonly unknown[]> {
  const connector = connectorOf(path);
  const calls = await Promise.allSettled([
    connector.find(record, lin),
    connector.count(record, lin),
    connector.erase(record, lin),
    connector.rectify(record, lin, "a.txt", { text: "x" }),
  ]);
  return calls.map((call) => call.status === "rejected" && (call.reason as { code: string }).code);
}
const ALL_UNAVAILABLE = Array.from({ length: 4 }, () => "ERR_STORE_UNAVAILABLE");

describe("filesConnector", () => {
  it("says of a root that is missing, or is no folder, that it cannot tell", async () => {
    await rename(root, join(dir, "elsewhere"));
    expect(await refusals()).toEqual(ALL_UNAVAILABLE);
    await writeFile(root, "a file");
    expect(await refusals()).toEqual(ALL_UNAVAILABLE);
  });

  it.each([
    ["that leads to nothing", "nowhere"],
    ["that leads out of the root", "../../outside"],
    ["to another's folder", "../wang"],
  ])("neither follows nor erases a link in a subject's folder %s", async (_which, target) => {
    await mkdir(join(dir, "outside"));
    await writeFile(join(dir, "outside", "kept.txt"), "kept");
    await mkdir(join(root, "wang"));
    await writeFile(join(root, "wang", "kept.txt"), "kept");
    await mkdir(join(root, "lin", "deeper"));
    await symlink(target, join(root, "lin", "deeper", "link"));
    expect(await refusals()).toEqual(ALL_UNAVAILABLE);
    expect(await readFile(join(dir, "outside", "kept.txt"), "utf8")).toBe("kept");
    expect(await readFile(join(root, "wang", "kept.txt"), "utf8")).toBe("kept");
    expect(await readFile(join(root, "lin", "a.txt"), "utf8")).toBe("one");
  });

  it.each(["{subjectId}/*", "{subjectId}/notes/*", "{subjectId}/kept.txt"])(
    "goes through no link that stands for a folder of %s",
    async (path) => {
      const outside = join(dir, "outside");
      await mkdir(join(outside, "notes"), { recursive: true });
      await writeFile(join(outside, "kept.txt"), "kept");
      await writeFile(join(outside, "notes", "kept.txt"), "kept");
      await rm(join(root, "lin"), { recursive: true });
      await symlink(outside, join(root, "lin"));
      expect(await refusals(path)).toEqual(ALL_UNAVAILABLE);
      expect(await readFile(join(outside, "kept.txt"), "utf8")).toBe("kept");
      expect(await readFile(join(outside, "notes", "kept.txt"), "utf8")).toBe("kept");
    },
  );

  it("takes every file below the folder for a row, half-written ones too", async () => {
    await mkdir(join(root, "lin", "2026"));
    await writeFile(join(root, "lin", "2026", "b.txt"), "two");
    await writeFile(join(root, "lin", ".c.txt.part"), "thr");
    const connector = connectorOf();
    expect(await connector.count(record, lin)).toBe(3);
    expect(await connector.find(record, lin)).toEqual([
      { name: ".c.txt.part", memberId: "lin", text: "thr" },
      { name: "2026/b.txt", memberId: "lin", text: "two" },
      { name: "a.txt", memberId: "lin", text: "one" },
    ]);
    expect(await connector.rectify(record, lin, "2026/b.txt", { text: "zwei" })).toBe(true);
    expect(await readFile(join(root, "lin", "2026", "b.txt"), "utf8")).toBe("zwei");
    expect(await connector.rectify(record, lin, "../wang/a.txt", { text: "x" })).toBe(false);
    await connector.erase(record, lin);
    expect(await readdir(root)).toEqual([]);
  });

  it("leaves no empty folder with the subject's name, and none of another record's files gone", async () => {
    const notes = connectorOf("shop/{subjectId}/notes/*");
    const own = join(root, "shop", "lin");
    await mkdir(join(own, "notes"), { recursive: true });
    await mkdir(join(own, "photos"));
    await notes.erase(record, lin);
    expect(await readdir(own)).toEqual(["photos"]);
    await connectorOf("shop/{subjectId}/photos/*").erase(record, lin);
    expect(await readdir(join(root, "shop"))).toEqual([]);
  });

  it("says so when a folder bears the id as it is: under its right name there would be nothing", async () => {
    const connector = connectorOf();
    const member = { tenant: "", subjectId: "oAb-1" };
    expect(await connector.count(record, member)).toBe(0);
    await mkdir(join(root, "oAb-1"));
    const refusal = { code: "ERR_CONFIG_INVALID" };
    await expect(connector.count(record, member)).rejects.toMatchObject(refusal);
    await expect(connector.find(record, member)).rejects.toMatchObject(refusal);
    await rename(join(root, "oAb-1"), join(root, fileSafe("oAb-1")));
    expect(await connector.find(record, member)).toEqual([]);
  });

  it("takes a file that goes while it is listed for gone", async () => {
    for (let i = 0; i < 200; i++) await writeFile(join(root, "lin", `n${i}`), "x");
    const connector = connectorOf();
    const finding = connector.find(record, lin);
    await connector.erase(record, lin);
    for (const { text } of await finding) expect(text).toBeTypeOf("string");
    expect(await connector.count(record, lin)).toBe(0);
  });

  describe("where the path is one file", () => {
    const path = "letters/x-{subjectId}.txt";
    const letters = () => join(root, "letters");
    beforeEach(async () => {
      await mkdir(letters());
      await writeFile(join(letters(), "x-lin.txt"), "hers");
      await writeFile(join(letters(), "x-lin%2etxt.txt"), "of lin.txt");
    });

    it("takes that file alone for a row, named by the path, and never another's", async () => {
      const connector = connectorOf(path);
      expect(await connector.find(record, lin)).toEqual([
        { name: path, memberId: "lin", text: "hers" },
      ]);
      expect(await connector.rectify(record, lin, path, { text: "new" })).toBe(true);
      expect(await readFile(join(letters(), "x-lin.txt"), "utf8")).toBe("new");
      expect(await connector.count(record, { tenant: "", subjectId: "wang" })).toBe(0);
      await connector.erase(record, lin);
      expect(await connector.count(record, lin)).toBe(0);
      expect(await readdir(letters())).toEqual(["x-lin%2etxt.txt"]);
    });

    it("takes what a killed correction left beside it for hers too", async () => {
      const connector = connectorOf(path);
      await writeFile(join(letters(), "x-lin.txt.draft"), "half");
      expect(await connector.count(record, lin)).toBe(2);
      expect(await connector.rectify(record, lin, path, { text: "new" })).toBe(true);
      expect((await readdir(letters())).toSorted()).toEqual(["x-lin%2etxt.txt", "x-lin.txt"]);
      await writeFile(join(letters(), "x-lin.txt.draft"), "half");
      await connector.erase(record, lin);
      expect(await readdir(letters())).toEqual(["x-lin%2etxt.txt"]);
    });

    it("neither follows nor erases a link or a folder in its place", async () => {
      await rm(join(letters(), "x-lin.txt"));
      await symlink("../lin/a.txt", join(letters(), "x-lin.txt"));
      expect(await refusals(path)).toEqual(ALL_UNAVAILABLE);
      expect(await readFile(join(root, "lin", "a.txt"), "utf8")).toBe("one");
      await rm(join(letters(), "x-lin.txt"));
      await mkdir(join(letters(), "x-lin.txt"));
      expect(await refusals(path)).toEqual(ALL_UNAVAILABLE);
    });

    it("says so when a file bears the id as it is", async () => {
      await writeFile(join(letters(), "x-oAb.txt"), "hers");
      const member = { tenant: "", subjectId: "oAb" };
      await expect(connectorOf(path).count(record, member)).rejects.toMatchObject({
        code: "ERR_CONFIG_INVALID",
      });
    });
  });

  it.each(["../wang", "wang/../wang", "..", "a/b", "*", "{subjectId}", "a\0b", "%2e%2e", "王"])(
    "keeps an id that reads like a path or a pattern within its own folder: %j",
    async (subjectId) => {
      const connector = connectorOf();
      const member = { tenant: "", subjectId };
      await mkdir(join(root, fileSafe(subjectId)));
      await writeFile(join(root, fileSafe(subjectId), "own.txt"), "own");
      await mkdir(join(root, "wang"));
      await writeFile(join(root, "wang", "kept.txt"), "kept");
      expect(await connector.find(record, member)).toMatchObject([{ name: "own.txt" }]);
      await connector.erase(record, member);
      expect((await readdir(root)).toSorted()).toEqual(["lin", "wang"]);
      expect(await readdir(join(root, "wang"))).toEqual(["kept.txt"]);
    },
  );

  it.each([
    "notes/*",
    "",
    "*",
    "*/{subjectId}",
    "../{subjectId}/*",
    "/{subjectId}",
    "{subjectId}/",
    "{subjectId}/**",
    "{subjectId}*",
    "{subjectId}/./*",
    "{tenant}-{subjectId}/*",
    "{subjectId}{subjectId}",
    "{tenant}/x/*",
    "{other}/{subjectId}",
  ])("takes no path that does not tell one subject's files below the root: %j", (path) => {
    expect(() => connectorOf(path)).toThrow(TypeError);
  });

  it("refuses a tenant without a name where tenants have folders", async () => {
    await expect(connectorOf("{tenant}/{subjectId}/*").count(record, lin)).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
    });
  });
});
