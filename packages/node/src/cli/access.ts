import { stat } from "node:fs/promises";
import { type AccessDecision, type AccessExplanation, accessDenialText } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Policy } from "@miniprivacy/core/policy";
import type { Command } from "commander";
import type { PolicyTrial } from "../access/access-questions.ts";
import type { AccessLogEntry, ObservedReads } from "../access/access-report.ts";
import { askDeployment } from "./ask-deployment.ts";
import { addDataOption } from "./data-option.ts";
import { addExitCodes } from "./exit-codes.ts";
import { POLICY_FILE, readPolicy } from "./policy-file.ts";
import { type OutputOptions, print } from "./print.ts";
import { parseSince } from "./since.ts";

interface DeploymentOptions extends OutputOptions {
  readonly data?: string;
  readonly tenant: string;
}

interface LogOptions extends DeploymentOptions {
  readonly since?: string;
  readonly until?: string;
  readonly purpose?: string;
  readonly category?: string;
  readonly caller?: string;
  readonly limit: string;
}

/** Which policies are there, where no running process says. */
interface PolicyOptions {
  readonly policy?: string;
  readonly earlier?: readonly string[];
}

interface ExplainOptions extends DeploymentOptions, PolicyOptions {
  readonly subject: string;
  readonly purpose: string;
  readonly category: readonly string[];
  readonly recipient?: string;
  readonly abroad?: boolean;
}

interface WhatIfOptions extends DeploymentOptions, PolicyOptions {
  readonly since: string;
}

const EXIT_CODES = { 0: "told", 2: "no deployment there, out of reach, or wrong usage" } as const;

/** Adds `miniprivacy access log`, `observed`, `explain` and `what-if`. */
export function addAccessCommand(program: Command): void {
  const access = program.command("access").description("Who reads what, for which purpose.");
  addLog(access);
  addObserved(access);
  addExplain(access);
  addWhatIf(access);
}

function addLog(access: Command): void {
  const command = access
    .command("log")
    .description("Tells who read which categories for which purpose, oldest first.")
    .option("--since <moment>", "RFC 3339, or 30m, 24h, 7d ago (the beginning)")
    .option("--until <moment>", "RFC 3339, or 30m, 24h, 7d ago (now)")
    .option("--purpose <id>", "for one purpose only")
    .option("--category <id>", "that read this category")
    .option("--caller <name>", "by one caller only")
    .option("--limit <entries>", "at most so many", "10000")
    .action(async (options: LogOptions) => {
      const { tenant, purpose, category, caller } = options;
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1)
        throw new PrivacyError("ERR_INPUT_INVALID", { detail: "--limit" });
      const result = await askDeployment({ data: options.data }, "access-log", {
        tenant,
        limit,
        ...moment("since", options.since),
        ...moment("until", options.until),
        ...(purpose !== undefined && { purpose }),
        ...(category !== undefined && { category }),
        ...(caller !== undefined && { caller }),
      });
      print(options, result, result.entries.map(describeEntry));
    });
  finish(
    command,
    "print { entries: [{ at, subjectRef, purpose, categories, decision, caller, count }] }",
  );
}

function addObserved(access: Command): void {
  const command = access
    .command("observed")
    .description("Tells which reads observing let through that will be denied once it is over.")
    .option("--since <moment>", "RFC 3339, or 30m, 24h, 7d ago", "7d")
    .action(async (options: DeploymentOptions & { readonly since: string }) => {
      const { tenant } = options;
      const since = parseSince(options.since, Date.now());
      const result = await askDeployment({ data: options.data }, "access-observed", {
        tenant,
        since,
      });
      print(options, result, result.reads.map(describeObserved));
    });
  finish(command, "print { reads: [{ purpose, categories, reason, caller, count, lastAt }] }");
}

function addExplain(access: Command): void {
  const command = access
    .command("explain")
    .description(
      "Explains whether a person's data may be read: the decision, what it rests on, what would change it.",
    )
    .requiredOption("--subject <id>", "the person, as the host calls her")
    .requiredOption("--purpose <id>", "what for")
    .requiredOption("--category <id...>", "which categories")
    .option("--recipient <id>", "to whom, when it leaves for somebody else")
    .option("--abroad", "it leaves the country")
    .action(async (options: ExplainOptions) => {
      const { tenant, subject, purpose, category, recipient, abroad } = options;
      const query = {
        tenant,
        subject,
        purpose,
        categories: category,
        ...(recipient !== undefined && { recipient }),
        ...(abroad !== undefined && { abroad }),
      };
      const at = { data: options.data, policies: await policiesThere(options) };
      const result = await askDeployment(at, "access-explain", query);
      print(options, result, describeExplanation(result));
    });
  addPolicyOptions(command);
  finish(command, "print { decision, facts, wouldChange }");
}

function addWhatIf(access: Command): void {
  const command = access
    .command("what-if")
    .description("Tells which permitted reads another policy would have denied.")
    .argument("<next>", "module that exports the policy to try, or JSON")
    .option("--since <moment>", "RFC 3339, or 30m, 24h, 7d ago", "7d")
    .action(async (next: string, options: WhatIfOptions) => {
      const { tenant } = options;
      const policy = await readPolicy(next);
      const since = parseSince(options.since, Date.now());
      const input = { tenant, policy, since };
      const at = { data: options.data, policies: await policiesThere(options) };
      const result = await askDeployment(at, "access-what-if", input);
      print(options, result, describeTrial(result));
    });
  addPolicyOptions(command);
  finish(command, "print { reads, denied: [{ purpose, categories, caller, reason, count }] }");
}

function addPolicyOptions(command: Command): void {
  command
    .option("--policy <file>", `the policy in force, where no process runs (${POLICY_FILE})`)
    .option("--earlier <file...>", "versions published before it, whose consents may still count");
}

function finish(command: Command, json: string): void {
  addDataOption(command.option("--tenant <id>", "of one tenant (the only one)", ""));
  command.option("--json", json);
  addExitCodes(command, EXIT_CODES);
}

/** None when the one in force is not named and not there: a running process has its own. */
async function policiesThere({ policy, earlier = [] }: PolicyOptions): Promise<readonly Policy[]> {
  const there =
    policy ??
    (await stat(POLICY_FILE).then(
      () => POLICY_FILE,
      () => undefined,
    ));
  return there === undefined ? [] : Promise.all([there, ...earlier].map(readPolicy));
}

function moment(name: string, text: string | undefined): { readonly [name: string]: string } {
  return text === undefined ? {} : { [name]: parseSince(text, Date.now(), `--${name}`) };
}

function describeEntry(entry: AccessLogEntry): string {
  const { at, subjectRef, purpose, categories, decision, reason, caller, recipient, count } = entry;
  return [
    at,
    decision,
    purpose,
    categories.join(","),
    caller,
    subjectRef ?? "-",
    `${count} x`,
    ...(recipient === undefined ? [] : [`to ${recipient}`]),
    ...(reason === undefined ? [] : [reason]),
  ].join("  ");
}

function describeObserved({
  purpose,
  categories,
  reason,
  caller,
  count,
  lastAt,
}: ObservedReads): string {
  return `${count} x  ${purpose}  ${categories.join(",")}  ${caller}  ${reason}  last ${lastAt}`;
}

function describeExplanation({
  decision,
  facts,
  wouldChange,
}: AccessExplanation): readonly string[] {
  const { consent, restricted, orders, authorizations } = facts;
  return [
    ...describeDecision(decision),
    `consent         ${describeConsent(consent)}`,
    `restricted      ${restricted ? "yes" : "no"}`,
    `orders          ${orders.join(", ") || "none"}`,
    `authorizations  ${authorizations.join(", ") || "none filed"}`,
    ...wouldChange.map(({ change, reason }) => `would change it: ${change}, for ${reason}`),
  ];
}

function describeDecision(decision: AccessDecision): readonly string[] {
  if (!decision.permitted) {
    const { reason, obligations } = decision;
    const texts = (["zh-CN", "en"] as const).map((language) => accessDenialText(reason, language));
    return [`denied: ${reason} (${obligations.join(", ")})`, ...texts];
  }
  return decision.ground === "observed"
    ? [`permitted: observed, later denied for ${decision.reason}`]
    : [`permitted: ${decision.ground}`];
}

function describeConsent(consent: AccessExplanation["facts"]["consent"]): string {
  if (consent === undefined) return "none";
  const until = consent.until === undefined ? "" : ` until ${consent.until}`;
  return `${consent.status} since ${consent.from}${until}`;
}

function describeTrial({ reads, denied }: PolicyTrial): readonly string[] {
  return [
    `${reads} permitted reads`,
    ...denied.map(
      ({ purpose, categories, caller, reason, count }) =>
        `${count} x  ${purpose}  ${categories.join(",")}  ${caller}  ${reason}`,
    ),
  ];
}
