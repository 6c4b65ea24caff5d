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

const connectorOf = (folder = "{subjectId}") =>
  filesConnector({ root, record: "note", folder, fields });

/** The codes that every call of a connector is refused with. */
async function refusals(folder?: string): Promise<readonly unknown[]> {
  const connector = connectorOf(folder);
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

  it.each(["{subjectId}", "{subjectId}/notes"])(
    "goes through no link that stands for a folder of %s",
    async (folder) => {
      const outside = join(dir, "outside");
      await mkdir(join(outside, "notes"), { recursive: true });
      await writeFile(join(outside, "kept.txt"), "kept");
      await writeFile(join(outside, "notes", "kept.txt"), "kept");
      await rm(join(root, "lin"), { recursive: true });
      await symlink(outside, join(root, "lin"));
      expect(await refusals(folder)).toEqual(ALL_UNAVAILABLE);
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
    const notes = connectorOf("shop/{subjectId}/notes");
    const own = join(root, "shop", "lin");
    await mkdir(join(own, "notes"), { recursive: true });
    await mkdir(join(own, "photos"));
    await notes.erase(record, lin);
    expect(await readdir(own)).toEqual(["photos"]);
    await connectorOf("shop/{subjectId}/photos").erase(record, lin);
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

  it.each([
    "notes",
    "",
    "x-{subjectId}",
    "../{subjectId}",
    "/{subjectId}",
    "{subjectId}/",
    "{tenant}/x",
  ])("takes no folder that is not the subject's own below the root: %j", (folder) => {
    expect(() => connectorOf(folder)).toThrow(TypeError);
  });

  it("refuses a tenant without a name where tenants have folders", async () => {
    await expect(connectorOf("{tenant}/{subjectId}").count(record, lin)).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
    });
  });
});
