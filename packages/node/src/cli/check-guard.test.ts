import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CANARY_KINDS } from "../guard/canary.ts";
import type { GuardDrill } from "../guard/guard-drill.ts";
import { runCommand } from "./run-command.fixture.ts";

/** Inside the repository, so that the configs find their packages. */
const scratch = fileURLToPath(new URL("../../../../.tmp/", import.meta.url));
let dir: string;
beforeAll(async () => {
  await mkdir(scratch, { recursive: true });
  dir = await mkdtemp(join(scratch, "check-guard-"));
});
afterAll(() => rm(dir, { recursive: true }));

const HEAD = `
import { createGuard } from "@miniprivacy/core/sensitive-data";
const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
const send = ({ url, payload }) => fetch(url, { method: "POST", body: JSON.stringify(payload) });
const guarded = async (canary) => {
  const query = Object.fromEntries(new URL(canary.url).searchParams);
  if (guard.inspect([query, canary.payload]).action === "pass") await send(canary);
};
`;

async function check(name: string, text: string, ...options: readonly string[]) {
  const path = join(dir, `${name}.ts`);
  await writeFile(path, HEAD + text);
  return runCommand("check", "--guard", path, ...options);
}

describe("miniprivacy check --guard", () => {
  it("WX-4.4.6b: exits with 0 where nothing planted arrives, and says what became of each", async () => {
    const { code, stdout, stderr } = await check(
      "guarded",
      `export const guardedTransports = { "courier api": guarded };`,
    );
    expect(stderr).toBe("");
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("courier api  resident-id  field         stopped");
    expect(lines.at(-1)).toMatch(/^passed: \d+ stopped$/);
    expect(code).toBe(0);
  });

  it("WX-4.4.6b: exits with 1 where something arrives, and names its kind and never its value", async () => {
    const { code, stdout } = await check(
      "leaking",
      `export default () => ({ guardedTransports: { guarded, "sms api": send } });`,
      "--json",
    );
    expect(code).toBe(1);
    const drill = JSON.parse(stdout) as GuardDrill;
    expect(drill).toMatchObject({
      passed: false,
      transports: [
        { transport: "guarded", outcome: "reached" },
        { transport: "sms api", outcome: "reached" },
      ],
    });
    expect(drill.transports[1]!.canaries).toContainEqual({
      kind: "bank-card",
      carrier: "nested",
      outcome: "arrived",
    });
    expect(CANARY_KINDS.filter(({ value }) => stdout.includes(value))).toEqual([]);
  });

  it("exits with 1 where a transport is not reached", async () => {
    const { code, stdout } = await check(
      "silent",
      `export default { guardedTransports: { api: () => { throw new Error("no route"); } } };`,
    );
    expect([code, stdout]).toEqual([1, "api  -  -  not-reached\nfailed: 1 not-reached\n"]);
  });

  it.each([
    ["no transports", "export default {};"],
    ["an empty list", "export const guardedTransports = {};"],
    ["what is no function", "export const guardedTransports = { api: 'https://api.example' };"],
  ])("exits with 2 for a config with %s", async (what, text) => {
    const { code, stderr } = await check(what.replaceAll(" ", "-"), text);
    expect(code).toBe(2);
    expect(stderr).toContain("names no guardedTransports");
  });

  it("exits with 2 where there is no config", async () => {
    const { code, stderr } = await runCommand("check", "--guard", join(dir, "nowhere.ts"));
    expect([code, stderr.includes("ERR_CONFIG_INVALID")]).toEqual([2, true]);
  });
});
