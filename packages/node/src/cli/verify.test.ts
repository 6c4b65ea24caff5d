import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson } from "@miniprivacy/core";
import {
  certificateLogEntry,
  createSigner,
  type DeletionCertificateDraft,
  deletionCertificate,
  generateSigningKey,
} from "@miniprivacy/core/certificate";
import { blindedDigest, formatLogProof, leafContent, leafHash } from "@miniprivacy/core/log";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogSigner, generateLogKey } from "../log/log-signer.ts";
import { runCommand } from "./run-command.fixture.ts";
import { verifyFile } from "./verify.ts";

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
    const { code, stdout } = await runCommand(
      "verify",
      path("good.jws"),
      "--keys",
      path("jwks.json"),
    );
    expect(code).toBe(0);
    expect(stdout).toContain("VALID · deletion-certificate+jwt");
    expect(stdout).toContain("Trust: yours.");
    expect(stdout).toContain("Claim: deleted");
  });

  it("exits 1 when the statement is not valid, and prints the checks as JSON", async () => {
    const { code, stdout } = await runCommand(
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
    const results = [];
    for (const call of calls) results.push(await runCommand(...call));
    expect(results.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(results.map(({ stdout }) => stdout).join("")).toBe("");
    expect(results[0]!.stderr).toBe(
      "miniprivacy: ERR_INPUT_INVALID: The input does not have the shape this call takes. (FILE cannot be read as text)\n",
    );
  });
});

describe("verifyFile", () => {
  it("reads JSON { certificate, proof? }, or the proof from a file, and checks the log proof", async () => {
    const log = await createLogSigner(generateLogKey());
    const blinding = Buffer.alloc(16, 7);
    const body = Buffer.from(canonicalJson(certificateLogEntry(jws)));
    const root = leafHash(leafContent(blindedDigest(body, blinding)));
    const checkpoint = log.signCheckpoint({ size: 1, root });
    const proof = formatLogProof({ leafIndex: 0, path: [], checkpoint, blinding });
    const { keys } = JSON.parse(await readFile(path("jwks.json"), "utf8")) as { keys: object[] };
    await file("jwks-log.json", JSON.stringify({ keys: [...keys, log.publicJwk] }));
    await file("bare.json", JSON.stringify({ certificate: jws }));
    await file("proven.json", JSON.stringify({ certificate: jws, proof }));
    await file("certificate.proof", proof);
    await file("wrong.proof", proof.replace("index 0", "index 1"));
    const check = (name: string, change: object = {}) =>
      verifyFile(path(name), { keys: path("jwks-log.json"), language: "en", ...change }, NOW);

    expect(await check("bare.json")).toMatchObject({
      valid: true,
      output: expect.stringContaining("no log proof was given"),
    });
    for (const good of [
      await check("proven.json"),
      await check("good.jws", { proof: path("certificate.proof"), trustLog: log.publicJwk.kid }),
    ]) {
      expect(good).toMatchObject({
        valid: true,
        output: expect.stringContaining(`In the log, at: ${log.origin}, 1 / 1`),
      });
    }
    expect((await check("good.jws", { proof: path("wrong.proof") })).valid).toBe(false);
    expect((await check("proven.json", { trustLog: kid })).valid).toBe(false);
    expect((await verify("proven.json")).valid).toBe(false);
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
