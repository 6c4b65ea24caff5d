import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogStatus } from "../control/log-status.ts";
import { fileJournal } from "../journal/file-journal.ts";
import { runCommand } from "./run-command.fixture.ts";
import { starterFiles } from "./starter-files.ts";

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));
/** Inside the repository, so that the config finds its packages. */
const scratch = fileURLToPath(new URL("../../../../.tmp/", import.meta.url));
/** Signs nobody in, and never answers who asks it to hang. */
const HANGS = `(request) => {
    if (!request.headers.has("x-hang")) return null;
    process.stderr.write("hanging\\n");
    return new Promise(() => {});
  }`;
let dir: string;
const started: ChildProcess[] = [];
beforeAll(async () => {
  await mkdir(scratch, { recursive: true });
  dir = await mkdtemp(join(scratch, "serve-"));
  const files = starterFiles({ actor: "you", writtenAt: "2026-11-24T08:00:00Z" });
  for (const [name, text] of Object.entries(files))
    await writeFile(join(dir, name), text.replace("(_request) => null", HANGS));
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await rm(dir, { recursive: true });
});

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  readonly stderr: () => string;
}

function start(options: readonly string[], journal = ""): ChildProcess {
  const args = ["--import", "tsx", "--conditions", "@miniprivacy/source", CLI, "serve"];
  const { DATABASE_URL: _url, MINIPRIVACY_KEYS: _keys, ...env } = process.env;
  const child = spawn(process.execPath, [...args, "--port", "0", ...options], {
    cwd: dir,
    env: { ...env, MINIPRIVACY_JOURNAL: journal },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  return child;
}

/** Starts `miniprivacy serve` on a free port, and waits for its ready line. */
async function serve(...options: readonly string[]): Promise<Serving> {
  const child = start(options);
  let [out, err] = ["", ""];
  child.stderr!.on("data", (chunk) => (err += String(chunk)));
  while (!out.includes("\n")) {
    const [chunk] = (await Promise.race([once(child.stdout!, "data"), once(child, "exit")])) as [
      unknown,
    ];
    if (child.exitCode !== null) throw new Error(`serve ended: ${err}`);
    out += String(chunk);
  }
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)![0];
  expect(out).toBe(
    options.includes("--json")
      ? `${JSON.stringify({ ready: url, database: "embedded" })}\n`
      : `ready ${url}\n`,
  );
  return { child, url, stderr: () => err };
}

async function logStatus(): Promise<LogStatus> {
  const data = join(dir, "miniprivacy-data");
  const { code, stdout } = await runCommand("log", "status", "--data", data, "--json");
  expect(code).toBe(0);
  return JSON.parse(stdout) as LogStatus;
}

describe("miniprivacy serve and log status", () => {
  it("serves what init wrote, answers commands, and ends on a signal; a second one ends it at once; behind its journal it is not ready", async () => {
    const socket = join(dir, "miniprivacy-data", "control.sock");
    const first = await serve();
    expect(first.stderr()).toContain("A power cut can cost");
    expect((await fetch(`${first.url}/privacy/health`)).status).toBe(200);
    expect((await fetch(`${first.url}/privacy/data`)).status).toBe(401);
    const served = await logStatus();
    expect(served).toMatchObject({ size: 0, journal: null });
    const cutOff = fetch(`${first.url}/privacy/data`, { headers: { "x-hang": "1" } }).then(
      () => "answered",
      () => "cut off",
    );
    while (!first.stderr().includes("hanging")) await once(first.child.stderr!, "data");
    first.child.kill("SIGTERM");
    first.child.kill("SIGINT");
    expect(await once(first.child, "exit")).toEqual([1, null]);
    expect(await cutOff).toBe("cut off");
    expect((await stat(socket)).isSocket()).toBe(true);
    expect((await logStatus()).root).toBe(served.root);

    const second = await serve("--json");
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect((await logStatus()).root).toBe(served.root);
    second.child.kill("SIGTERM");
    expect(await once(second.child, "exit")).toEqual([0, null]);
    expect((await readdir(join(dir, "miniprivacy-data"))).toSorted()).toEqual(["database", "keys"]);

    const journal = join(dir, "journal");
    const leaves = { type: "leaves", from: 0, hashes: [Buffer.alloc(32)] } as const;
    await fileJournal(journal).append([leaves]);
    const third = start([], journal);
    let [out, err] = ["", ""];
    third.stdout!.on("data", (chunk) => (out += String(chunk)));
    while (!err.includes("behind its journal"))
      err += String((await once(third.stderr!, "data"))[0]);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(err)![0];
    const health = await fetch(`${url}/privacy/health`);
    expect(await health.json()).toEqual({ status: "behind-journal" });
    third.kill("SIGTERM");
    expect(await once(third, "exit")).toEqual([0, null]);
    expect(out).toBe("");
  }, 120_000);
});

describe("miniprivacy serve", () => {
  it.each([
    ["nothing", "", "has no default export"],
    [
      "no authenticate",
      "export default { policy: {}, records: [], connectors: {} }",
      "no authenticate",
    ],
    [
      "authenticate that is none",
      "export default { policy: {}, records: [], connectors: {}, authenticate: 1 }",
      "authenticate is no function",
    ],
    ["a failing module", "throw new Error('no session store')", "no session store"],
  ])("does not start with %s, and says so", async (name, text, complaint) => {
    const path = join(dir, `${name.replaceAll(" ", "-")}.ts`);
    await writeFile(path, text);
    const { code, stdout, stderr } = await runCommand("serve", path, "--port", "0");
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(complaint)]);
  });

  it("does not start on a port that is none", async () => {
    expect((await runCommand("serve", join(dir, "x.ts"), "--port", "65536")).code).toBe(2);
  });
});

describe("miniprivacy log status", () => {
  it("makes no database where there is none", async () => {
    const nowhere = join(dir, "nowhere");
    expect((await runCommand("log", "status", "--data", nowhere)).code).toBe(2);
    await expect(stat(nowhere)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
