import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createSigner,
  type DeletionCertificateDraft,
  deletionCertificate,
  generateSigningKey,
} from "@miniprivacy/core/certificate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyFile } from "./verify.ts";

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));
const NOW = Date.UTC(2024, 2, 1);
const CONTROLS = "\u001b[31m\u202e";

let dir: string;
let kid: string;
let jws: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "verify-"));
  const signer = await createSigner(await generateSigningKey());
  kid = signer.kid;
  jws = await signer.sign("deletion-certificate+jwt", deletionCertificate(draft(kid), NOW));
  await file("jwks.json", JSON.stringify({ keys: [signer.publicJwk] }));
  await file("good.jws", jws);
  await file(
    "tampered.jws",
    jws.replace(/\.[^.]+\./, `.${Buffer.from("{}").toString("base64url")}.`),
  );
});

afterAll(() => rm(dir, { recursive: true }));

describe("miniprivacy verify", () => {
  it("WX-4.7c: anybody can check a confirmation offline, with its file and the keys: exit 0", async () => {
    const { code, stdout } = await run("verify", path("good.jws"), "--keys", path("jwks.json"));
    expect(code).toBe(0);
    expect(stdout).toContain("VALID · deletion-certificate+jwt");
    expect(stdout).toContain("Trust: yours.");
    expect(stdout).toContain("Claim: deleted");
  });

  it("exits 1 when the statement is not valid, and prints the checks as JSON", async () => {
    const { code, stdout } = await run(
      "verify",
      path("tampered.jws"),
      "--keys",
      path("jwks.json"),
      "--trust",
      kid,
      "--json",
    );
    expect(code).toBe(1);
    const { verdict, trust, type, checks } = JSON.parse(stdout);
    expect({ verdict, trust, type }).toEqual({
      verdict: "invalid",
      trust: "pinned",
      type: "deletion-certificate+jwt",
    });
    expect(checks.at(-1)).toEqual({ name: "signature", ok: false });
  });

  it("exits 2 when a file cannot be read or the command is used wrongly", async () => {
    await file("empty.jws", "");
    await file("keys.txt", "no keys here");
    const calls = [
      ["verify", path("missing.jws"), "--keys", path("jwks.json")],
      ["verify", path("empty.jws"), "--keys", path("jwks.json")],
      ["verify", path("good.jws"), "--keys", path("keys.txt")],
      ["verify", path("good.jws")],
      ["verify", path("good.jws"), "--keys", path("jwks.json"), "--language", "fr"],
      [],
    ];
    const results = await Promise.all(calls.map((call) => run(...call)));
    expect(results.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(results.map(({ stdout }) => stdout).join("")).toBe("");
    expect(results[0]!.stderr).toBe(
      "miniprivacy: ERR_INPUT_INVALID: The input does not have the shape this call takes. (FILE cannot be read as text)\n",
    );
  });
});

describe("verifyFile", () => {
  it("reads JSON { certificate, proof? } and says that the proof was not checked", async () => {
    await file("bare.json", JSON.stringify({ certificate: jws }));
    await file(
      "proven.json",
      JSON.stringify({ certificate: jws, proof: "c2sp.org/tlog-proof@v1" }),
    );
    expect(await verify("bare.json")).toMatchObject({
      valid: true,
      output: expect.not.stringContaining("log proof"),
    });
    expect(await verify("proven.json")).toMatchObject({
      valid: true,
      output: expect.stringContaining("log proof"),
    });
  });

  it("takes a line break at the end of a file for none, and nothing more", async () => {
    await file("line.jws", `${jws}\n`);
    await file("lines.jws", `${jws}\n\n`);
    expect((await verify("line.jws")).valid).toBe(true);
    expect((await verify("lines.jws")).valid).toBe(false);
  });

  it.each([
    ["certificate twice", () => `{"certificate":"a.b.c","certificate":"${jws}"}`],
    ["an unknown member", () => JSON.stringify({ certificate: jws, keys: [] })],
    ["no certificate", () => '{"proof":"x"}'],
    ["a certificate that is no text", () => '{"certificate":{}}'],
    ["broken JSON", () => '{"certificate":'],
  ])("cannot read JSON with %s", async (_name, text) => {
    await file("odd.json", text());
    await expect(verify("odd.json")).rejects.toMatchObject({ name: "PrivacyError" });
  });

  it("speaks both languages", async () => {
    const { output } = await verifyFile(
      path("good.jws"),
      { keys: path("jwks.json"), language: "zh-CN", trust: kid },
      NOW,
    );
    expect(output).toContain("有效 · deletion-certificate+jwt");
    expect(output).toContain("结论: 已删除");
    expect(output).not.toContain("没有指定指纹");
  });

  it("prints no control characters from the statement", async () => {
    const { output } = await verify("good.jws");
    expect(output).toContain("Issuer: [31mShop");
    for (const control of CONTROLS.match(/[^\w[]/g)!) expect(output).not.toContain(control);
  });
});

async function verify(name: string): Promise<{ readonly valid: boolean; readonly output: string }> {
  return verifyFile(path(name), { keys: path("jwks.json"), language: "en" }, NOW);
}

function path(name: string): string {
  return join(dir, name);
}

async function file(name: string, text: string): Promise<void> {
  await writeFile(path(name), text);
}

async function run(
  ...args: string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const node = ["--import", "tsx", "--conditions", "@miniprivacy/source", CLI];
  return new Promise((resolve) => {
    execFile(process.execPath, [...node, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

function draft(keyThumbprint: string): DeletionCertificateDraft {
  const digest = "ab".repeat(32);
  return {
    certificateId: "certificate-1",
    issuer: {
      name: { en: `${CONTROLS}Shop` },
      role: "controller",
      contact: { email: "privacy@shop.example" },
      keyThumbprint,
    },
    about: { kind: "subject", subjectCommitment: digest },
    trigger: { kind: "subject-request", requestId: "request-1", ground: 3 },
    scopes: [
      {
        store: "shop-db",
        kind: "database",
        record: "order",
        dataCategories: ["phone"],
        selectorDigest: digest,
        countBefore: 1,
        countAfter: 0,
        outcome: "verified-absent",
        method: "erase",
        technique: "DELETE",
        tool: "postgresql-connector",
        toolVersion: "0.1.0",
        verification: {
          method: "read-back",
          verdict: "pass",
          at: "2024-03-01T00:00:00Z",
          by: "miniprivacy",
          canary: true,
        },
        remnants: [],
      },
    ],
    backups: { policy: "none" },
    processors: [],
  };
}
