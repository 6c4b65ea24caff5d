import { stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import {
  checkPolicy,
  checkPolicyLock,
  diffPolicies,
  parsePolicy,
  parsePolicyLock,
  type Policy,
  type PolicyChange,
  policyDigest,
  type PolicyFinding,
  type PolicyLock,
  policyLock,
} from "@miniprivacy/core/policy";
import type { Command } from "commander";
import { actorOf, addActorOption } from "./actor.ts";
import { CONFIG_FILE } from "./config-option.ts";
import { addExitCodes } from "./exit-codes.ts";
import { POLICY_FILE, readJson, readPolicy } from "./policy-file.ts";
import { type OutputOptions, print } from "./print.ts";

export const LOCK_FILE = "policy.lock.json";
export const PUBLISHED_FILE = "policy.published.json";

interface CheckOptions extends OutputOptions {
  readonly writeLock?: boolean;
  readonly actor?: string;
  /** The config that names the transports; true for the usual one. */
  readonly guard?: string | true;
}

/** What `miniprivacy check` found. */
export interface PolicyCheck {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly findings: readonly PolicyFinding[];
  /** Beside the policy: none, of this text, or of another one. */
  readonly lock: "absent" | "same" | "changed";
  /** What differs from the version published last. */
  readonly changes: readonly PolicyChange[];
}

/** Adds `miniprivacy check`. */
export function addCheckCommand(program: Command): void {
  const command = program
    .command("check")
    .description("Checks a policy, and that its text has not changed under a published version.")
    .argument("[policy]", "module that exports it as `policy` or by default, or JSON", POLICY_FILE)
    .option("--write-lock", `write ${LOCK_FILE} and ${PUBLISHED_FILE}: this version is published`)
    .option(
      "--guard [config]",
      `in place of the policy, check the guards before the transports a config names (${CONFIG_FILE})`,
    )
    .option(
      "--json",
      "print { id, version, digest, findings, lock, changes }, of guards { passed, transports }",
    )
    .action(async (path: string, options: CheckOptions) => {
      if (options.guard !== undefined) {
        const { checkGuard } = await import("./check-guard.ts");
        return checkGuard(options.guard === true ? CONFIG_FILE : options.guard, options);
      }
      const policy = await readPolicy(path);
      const check = await checkBeside(policy, dirname(path));
      const failed = hasErrors(check.findings);
      if (options.writeLock && !failed) await publish(policy, dirname(path), actorOf(options));
      print(options, check, describe(check, options.writeLock === true && !failed));
      process.exitCode = failed ? 1 : 0;
    });
  addActorOption(command);
  addExitCodes(command, {
    0: "no finding of severity error; of guards, nothing planted arrived",
    1: "findings of severity error, or the text changed under the locked version; of guards, something planted arrived, or a transport was not reached",
    2: "unreadable, or wrong usage",
  });
}

export function hasErrors(findings: readonly PolicyFinding[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}

/** One line a finding. */
export function describeFinding({ code, severity, path, obligations }: PolicyFinding): string {
  const clauses = obligations.length === 0 ? "" : `  (${obligations.join(", ")})`;
  return `${severity.padEnd(7)}  ${code}  ${path}${clauses}`;
}

async function checkBeside(policy: Policy, dir: string): Promise<PolicyCheck> {
  const lock = await readBeside(join(dir, LOCK_FILE), parsePolicyLock);
  const published = await readBeside(join(dir, PUBLISHED_FILE), parsePublished);
  if (lock !== undefined && published !== undefined) requirePair(lock, published);
  const digest = policyDigest(policy);
  return {
    id: policy.id,
    version: policy.version,
    digest,
    findings: [
      ...checkPolicy(policy),
      ...(lock === undefined ? [] : checkPolicyLock(policy, lock)),
    ],
    lock: lock === undefined ? "absent" : lock.digest === digest ? "same" : "changed",
    changes: published === undefined ? [] : diffPolicies(published, policy),
  };
}

function requirePair(lock: PolicyLock, published: Policy): void {
  if (policyDigest(published) === lock.digest) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", {
    detail: `${LOCK_FILE} and ${PUBLISHED_FILE} are of two versions`,
  });
}

function parsePublished(input: unknown): Policy {
  return parsePolicy((input as { readonly policy?: unknown } | null)?.policy);
}

async function readBeside<Value>(
  path: string,
  parse: (input: unknown) => Value,
): Promise<Value | undefined> {
  const there = await stat(path).catch(() => undefined);
  return there === undefined ? undefined : parse(await readJson(path));
}

async function publish(policy: Policy, dir: string, actor: string): Promise<void> {
  const publication = { publishedBy: actor, publishedAt: new Date().toISOString(), policy };
  await writeJson(join(dir, PUBLISHED_FILE), publication);
  await writeJson(join(dir, LOCK_FILE), policyLock(policy));
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

function describe(check: PolicyCheck, written: boolean): readonly string[] {
  const { id, version, digest, findings, lock, changes } = check;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return [
    ...findings.map(describeFinding),
    ...changes.map(describeChange),
    `${id} ${version}: ${count(errors, "error")}, ${count(findings.length - errors, "warning")}`,
    `digest ${digest}, lock ${written ? "written" : lock}`,
  ];
}

function describeChange({ kind, path, purposes, effect }: PolicyChange): string {
  const touched = purposes.length === 0 ? "" : `  (${purposes.join(", ")})`;
  return `${effect.padEnd(9)}  ${kind}  ${path}${touched}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
