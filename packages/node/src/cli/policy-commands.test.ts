import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { clientPolicy, policyDigest } from "@miniprivacy/core/policy";
import { canonicalJson } from "@miniprivacy/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOCK_FILE, type PolicyCheck, PUBLISHED_FILE } from "./check.ts";
import { readPolicy } from "./policy-file.ts";
import { runCommand } from "./run-command.fixture.ts";
import { starterFiles } from "./starter-files.ts";

/** Inside the repository, so that the files written there find their packages. */
const scratch = fileURLToPath(new URL("../../../../.tmp/", import.meta.url));
let root: string;
let folders = 0;
beforeAll(async () => {
  await mkdir(scratch, { recursive: true });
  root = await mkdtemp(join(scratch, "commands-"));
});
afterAll(() => rm(root, { recursive: true }));

async function newFolder(files: { readonly [name: string]: string } = {}): Promise<string> {
  const dir = join(root, String(folders++));
  await mkdir(dir);
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return dir;
}

const read = (dir: string, name: string): Promise<string> => readFile(join(dir, name), "utf8");

async function check(dir: string, ...options: readonly string[]) {
  const outcome = await runCommand("check", join(dir, "policy.ts"), "--json", ...options);
  const found = outcome.stdout === "" ? undefined : (JSON.parse(outcome.stdout) as PolicyCheck);
  return { ...outcome, found };
}

/** A copy of a folder with another policy: a process reads a module once. */
async function changed(
  dir: string,
  ...changes: readonly (readonly [from: string, to: string])[]
): Promise<string> {
  const copy = join(root, String(folders++));
  await cp(dir, copy, { recursive: true });
  const text = await read(dir, "policy.ts");
  for (const [from] of changes) expect(text).toContain(from);
  const other = changes.reduce((all, [from, to]) => all.replace(from, to), text);
  await writeFile(join(copy, "policy.ts"), other);
  return copy;
}

describe("miniprivacy init", () => {
  it("writes a policy without findings and a config that decides at once, and says what is next", async () => {
    // Where nothing is installed, not even zod.
    const dir = join(await mkdtemp(join(tmpdir(), "init-")), "made");
    const { code, stdout } = await runCommand("init", dir, "--actor", "lin");
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^next: .*miniprivacy check .*policy\.ts$/);
    expect((await readdir(dir)).toSorted()).toEqual(["policy.ts", "privacy.config.ts"]);
    expect(await read(dir, "policy.ts")).toMatch(/^\/\/ Written by miniprivacy init for lin, 20/);
    expect(await read(dir, "privacy.config.ts")).toContain('access: "enforce"');
    expect((await check(dir)).found).toMatchObject({ findings: [], lock: "absent", changes: [] });
    await rm(dirname(dir), { recursive: true });
  });

  it.each([
    ["a server among its packages", "package.json", '{"dependencies":{"express":"5"}}'],
    ["source of its own", "shop.mts", ""],
  ])("observes for thirty days first where there is %s", async (_what, name, text) => {
    const dir = await newFolder({ [name]: text });
    const { stdout } = await runCommand("init", dir, "--json");
    const { access } = JSON.parse(stdout) as { access: { observe: { until: string } } };
    const days = (Date.parse(access.observe.until) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(await read(dir, "privacy.config.ts")).toContain(`until: "${access.observe.until}"`);
  });

  it("takes the caller's word for a new or a running shop", async () => {
    const bare = await newFolder({ "package.json": "{}", "vite.config.ts": "", "env.d.ts": "" });
    expect((await runCommand("init", bare, "--running")).stdout).toContain("observed until");
    await rm(join(bare, "policy.ts"));
    await rm(join(bare, "privacy.config.ts"));
    expect((await runCommand("init", bare)).stdout).toContain("access is enforced");
    const busy = await newFolder({ "index.js": "" });
    expect((await runCommand("init", busy, "--no-running")).stdout).toContain("access is enforced");
  });

  it("overwrites nothing, and writes nothing beside what is there", async () => {
    const dir = await newFolder({ "privacy.config.ts": "mine" });
    const { code, stderr } = await runCommand("init", dir);
    expect([code, stderr]).toEqual([2, expect.stringContaining("privacy.config.ts is there")]);
    expect(await readdir(dir)).toEqual(["privacy.config.ts"]);
    expect(await read(dir, "privacy.config.ts")).toBe("mine");
  });

  it("writes what the repository compiles", async () => {
    const example = fileURLToPath(
      new URL("../../../../docs/examples/first-steps/starter/", import.meta.url),
    );
    const files = starterFiles({ actor: "you", writtenAt: "2026-11-24T08:00:00Z" });
    for (const [name, text] of Object.entries(files)) expect(await read(example, name)).toBe(text);
  });
});

describe("miniprivacy check", () => {
  it("exits 1 with code, severity, path and clauses of what is wrong", async () => {
    const dir = await changed(await newFolder(starter()), [
      'categories: ["phone"],',
      'categories: ["phone", "fax"],',
    ]);
    const { code, found } = await check(dir);
    expect(code).toBe(1);
    expect(found!.findings).toContainEqual(
      expect.objectContaining({ code: "unknown-reference", severity: "error" }),
    );
    const { stdout } = await runCommand("check", join(dir, "policy.ts"));
    expect(stdout).toMatch(/^error {4}unknown-reference {2}purposes\.delivery\.categories/m);
    expect(stdout).toMatch(/my-shop 1: \d errors?, 0 warnings/);
  });

  it("locks a published text: changed under its version it fails, under a new one its changes are graded", async () => {
    const dir = await newFolder(starter());
    expect((await check(dir, "--write-lock", "--actor", "lin")).code).toBe(0);
    expect((await check(dir)).found!.lock).toBe("same");
    expect(JSON.parse(await read(dir, PUBLISHED_FILE))).toMatchObject({ publishedBy: "lin" });

    const longer = ["days: 180", "days: 365"] as const;
    const same = await changed(dir, longer);
    const unraised = await check(same, "--write-lock");
    expect(unraised.code).toBe(1);
    expect(await read(same, LOCK_FILE)).toBe(await read(dir, LOCK_FILE));
    expect(unraised.found!.findings).toContainEqual(
      expect.objectContaining({ code: "version-not-raised", severity: "error" }),
    );

    const next = await changed(
      dir,
      longer,
      ['version: "1"', 'version: "2"'],
      ["privacy@shop.example", "help@shop.example"],
    );
    const raised = await check(next, "--write-lock");
    expect(raised.code).toBe(0);
    const grades = raised.found!.changes.map(({ path, effect }) => `${effect} ${path}`);
    expect(grades.toSorted()).toEqual([
      "ask-again purposes.delivery.retention.days",
      "inform controller",
    ]);
    expect((await check(next)).found).toMatchObject({ lock: "same", findings: [], changes: [] });
  });

  it("exits 2 for what it cannot read, and for a lock that does not belong to what was published", async () => {
    const policy = (name: string): string => join(root, name);
    await writeFile(policy("none.ts"), "export const other = 1;");
    await writeFile(policy("broken.ts"), "export const policy = {");
    await writeFile(policy("shape.json"), '{"id":1}');
    for (const name of ["missing.ts", "none.ts", "broken.ts", "shape.json"])
      expect([name, (await runCommand("check", policy(name))).code]).toEqual([name, 2]);
    const shape = await runCommand("check", policy("shape.json"), "--json");
    expect(JSON.parse(shape.stderr)).toMatchObject({
      error: { code: "ERR_POLICY_INVALID", issues: expect.arrayContaining([expect.anything()]) },
    });
    const dir = await newFolder(starter());
    await check(dir, "--write-lock");
    const lock = await read(dir, LOCK_FILE);
    await writeFile(join(dir, LOCK_FILE), lock.replace(/"digest": "./, '"digest": "0'));
    const other = (await check(dir)).stderr;
    await writeFile(join(dir, LOCK_FILE), lock.replace(/"digest": "./, '"digest": "1'));
    expect(other + (await check(dir)).stderr).toContain("are of two versions");
  });
});

describe("miniprivacy build --client", () => {
  it("writes the client policy of this very text, the same bytes every time", async () => {
    const dir = await newFolder(starter());
    const policy = await readPolicy(join(dir, "policy.ts"));
    const out = join(dir, "client.json");
    const made = await runCommand(
      "build",
      "--client",
      join(dir, "policy.ts"),
      "--out",
      out,
      "--json",
    );
    const text = await read(dir, "client.json");
    expect(text).toBe(`${canonicalJson(clientPolicy(policy))}\n`);
    expect(JSON.parse(made.stdout)).toEqual({
      digest: policyDigest(policy),
      file: out,
      bytes: Buffer.byteLength(text),
    });
    expect((await runCommand("build", "--client", join(dir, "policy.ts"))).stdout).toBe(text);
  });

  it("writes nothing for a policy that cannot be run, or when told nothing to build", async () => {
    const dir = await changed(await newFolder(starter()), [
      'categories: ["phone"],',
      "categories: [],",
    ]);
    const out = join(dir, "client.json");
    const args = ["build", join(dir, "policy.ts"), "--out", out] as const;
    expect((await runCommand(...args)).code).toBe(2);
    const { code, stdout } = await runCommand(...args, "--client");
    expect([code, stdout]).toEqual([1, expect.stringContaining("purpose-without-category")]);
    expect(await readdir(dir)).not.toContain("client.json");
  });
});

function starter() {
  return starterFiles({ actor: "you", writtenAt: "2026-11-24T08:00:00Z" });
}
