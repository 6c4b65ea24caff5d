import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { ControlResult } from "../control/control-command.ts";
import type { CheckedInDrill } from "../erasure/erasure-drill.ts";
import type { PlannedErasure } from "../erasure/erasure-plan.ts";
import type { UnfinishedErasure } from "../erasure/erasure-status.ts";
import { askDeployment } from "./ask-deployment.ts";
import { addConfigOptions, type ConfiguredPlace } from "./config-option.ts";
import type { AskConfigured } from "./configured-deployment.ts";
import { addDataOption } from "./data-option.ts";
import { describeRequest } from "./describe-request.ts";
import { addExitCodes } from "./exit-codes.ts";
import { addTimeoutOption, followRequest, isOpen, readTimeout } from "./follow-request.ts";
import { type OutputOptions, print } from "./print.ts";
import { addSubjectOption, readSubject, type SubjectOptions } from "./subject-option.ts";

interface ErasureOptions extends OutputOptions {
  readonly data?: string;
}

interface RunOptions extends OutputOptions, ConfiguredPlace {
  readonly tenant: string;
  readonly timeout: string;
}

interface DrillOptions extends OutputOptions, ConfiguredPlace {}

type EndedDrill = Extract<ControlResult<"erasure-drill">, { readonly state: "done" }>;

const POLL_MS = 200;

interface PlanOptions extends OutputOptions, SubjectOptions, ConfiguredPlace {
  readonly tenant: string;
}

/** Adds `miniprivacy erasure status`, `run`, `plan` and `drill`. */
export function addErasureCommand(program: Command): void {
  const erasure = program
    .command("erasure")
    .description("Erasures and withdrawals being carried out.");
  addStatus(erasure);
  addRun(erasure);
  addPlan(erasure);
  addDrill(erasure);
}

function addStatus(erasure: Command): void {
  const command = erasure
    .command("status")
    .description("Tells the erasures and withdrawals that are not done, of every tenant.")
    .action(async (options: ErasureOptions) => {
      const result = await askDeployment({ data: options.data }, "erasure-status", {});
      const lines = result.erasures.flatMap((one) => describeUnfinished(one, Date.now()));
      print(options, result, lines.length === 0 ? ["nothing is unfinished"] : lines);
    });
  addDataOption(command).option(
    "--json",
    "print { erasures: [{ tenant, id, kind, state, receivedAt, nextAttemptAt, failing }] }",
  );
  addExitCodes(command, { 0: "told", 2: "no deployment there, out of reach, or wrong usage" });
}

function addRun(erasure: Command): void {
  const command = erasure
    .command("run")
    .description("Tries an erasure or a withdrawal now, not when it is due, and waits for its end.")
    .argument("<id>", "the request's")
    .action(async (id: string, options: RunOptions) => {
      const which = { tenant: options.tenant, id };
      const timeoutMs = readTimeout(options);
      const { onConfiguredDeployment } = await import("./configured-deployment.ts");
      const result = await onConfiguredDeployment(options, async (ask) => {
        await ask("erasure-run", which);
        return followRequest(ask, which, timeoutMs);
      });
      print(options, result, describeRequest(result));
      if (isOpen(result)) process.exitCode = 1;
    });
  addTimeoutOption(command.option("--tenant <id>", "of one tenant (the only one)", ""));
  addConfigOptions(command).option("--json", "print what request show prints");
  addExitCodes(command, {
    0: "it has ended; the state says how",
    1: "not at its end yet",
    2: "not tried: not there, no config, out of reach, or wrong usage",
  });
}

function addPlan(erasure: Command): void {
  const command = erasure
    .command("plan")
    .description("Tells what an erasure of a person would do in every store, and does nothing.")
    .action(async (options: PlanOptions) => {
      const { tenant } = options;
      const subject = await readSubject(options);
      const { onConfiguredDeployment } = await import("./configured-deployment.ts");
      const result = await onConfiguredDeployment(options, (ask) =>
        ask("erasure-plan", { tenant, subject }),
      );
      print(options, result, result.stores.map(describePlanned));
      if (result.stores.some(({ fault }) => fault !== null)) process.exitCode = 1;
    });
  addSubjectOption(command).option("--tenant <id>", "of one tenant (the only one)", "");
  addConfigOptions(command).option(
    "--json",
    "print { stores: [{ store, record, kind, evidence, rows, fault, selector, technique }] }",
  );
  addExitCodes(command, {
    0: "told",
    1: "a store did not answer",
    2: "no deployment or config, out of reach, or wrong usage",
  });
}

function addDrill(erasure: Command): void {
  const command = erasure
    .command("drill")
    .description(
      "Shows on a copy in memory that a restored backup does not bring an erased person back; nothing real is changed.",
    )
    .action(async (options: DrillOptions) => {
      const { onConfiguredDeployment } = await import("./configured-deployment.ts");
      const result = await onConfiguredDeployment(options, followDrill);
      print(options, result, [
        ...result.checks.map(describeCheck),
        result.passed ? "passed" : "failed",
      ]);
      if (!result.passed) process.exitCode = 1;
    });
  addConfigOptions(command).option("--json", "print { state, passed, checks: [{ name, ok }] }");
  addExitCodes(command, {
    0: "every check passed",
    1: "a check failed",
    2: "no deployment or config, behind its journal, out of reach, or wrong usage",
  });
}

/** What is checked meanwhile is told on standard error. */
async function followDrill(ask: AskConfigured): Promise<EndedDrill> {
  let told = 0;
  for (;;) {
    const status = await ask("erasure-drill", {});
    if (status.state === "done") return status;
    for (const check of status.done.slice(told)) process.stderr.write(`${describeCheck(check)}\n`);
    told = status.done.length;
    await sleep(POLL_MS);
  }
}

function describeCheck({ name, ok }: CheckedInDrill): string {
  return `${ok ? "ok    " : "failed"}  ${name}`;
}

function describePlanned(planned: PlannedErasure): string {
  const { store, record, evidence, rows, fault, selector, technique } = planned;
  return [
    `${store}.${record}`,
    rows === null ? "rows not known" : `${rows} rows`,
    selector ?? "-",
    technique ?? "-",
    ...(evidence === "read-back" ? [] : [evidence]),
    ...(fault === null ? [] : [fault]),
  ].join("  ");
}

const HOUR_MS = 3_600_000;

function describeUnfinished(
  { tenant, id, kind, state, receivedAt, nextAttemptAt, failing }: UnfinishedErasure,
  now: number,
): readonly string[] {
  const hours = Math.max(0, Math.floor((now - Date.parse(receivedAt)) / HOUR_MS));
  const entry = [
    ...(tenant === "" ? [] : [tenant]),
    id,
    kind,
    state,
    `${hours} h old`,
    nextAttemptAt === null ? "being tried" : `next attempt ${nextAttemptAt}`,
  ];
  return [
    entry.join("  "),
    ...failing.map(
      ({ store, record, attempts, fault }) =>
        `  ${store}.${record}  failed ${attempts} x  ${fault ?? "unknown"}`,
    ),
  ];
}
