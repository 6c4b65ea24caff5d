import { stat } from "node:fs/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Command } from "commander";
import type { DeskList } from "../subject-request/request-desk.ts";
import { addActorOption } from "./actor.ts";
import { askDeployment } from "./ask-deployment.ts";
import { addConfigOptions, type ConfiguredPlace } from "./config-option.ts";
import { addDataOption } from "./data-option.ts";
import { describeEntry, describeRequest } from "./describe-request.ts";
import { addExitCodes } from "./exit-codes.ts";
import { addTimeoutOption, followRequest, isOpen, readTimeout } from "./follow-request.ts";
import { POLICY_FILE, readPolicy } from "./policy-file.ts";
import { type OutputOptions, print } from "./print.ts";
import { addSubjectOption, readSubject, type SubjectOptions } from "./subject-option.ts";

interface DeskOptions extends OutputOptions {
  readonly data?: string;
  readonly tenant: string;
  readonly policy?: string;
}

interface ListOptions extends DeskOptions {
  readonly open?: boolean;
  readonly dueBefore?: string;
  readonly limit: string;
}

interface EraseOptions extends OutputOptions, SubjectOptions, ConfiguredPlace {
  readonly tenant: string;
  readonly timeout: string;
}

/** Adds `miniprivacy request list`, `show` and `erase`. */
export function addRequestCommand(program: Command): void {
  const request = program.command("request").description("What people have asked for.");
  addList(request);
  addShow(request);
  addErase(request);
}

function addList(request: Command): void {
  const command = request
    .command("list")
    .description("Tells the requests of people, the first due first, and names nobody.")
    .option("--open", "only those that are open")
    .option("--due-before <date>", "only those due before, RFC 3339 or YYYY-MM-DD")
    .option("--limit <requests>", "at most so many", "1000")
    .action(async (options: ListOptions) => {
      const { tenant, open = false, dueBefore } = options;
      const result = await askDeployment(await deskOf(options), "request-list", {
        tenant,
        open,
        limit: parseLimit(options.limit),
        ...(dueBefore !== undefined && { dueBefore: parseDate(dueBefore) }),
      });
      print(options, result, describeList(result));
    });
  finish(
    command,
    "print { requests: [{ id, kind, state, receivedAt, warnAt, dueAt, urgency, daysLeft, failingStores }], more }",
  );
}

function addShow(request: Command): void {
  const command = request
    .command("show")
    .description("Tells where one request stands with every store.")
    .argument("<id>", "the request's")
    .action(async (id: string, options: DeskOptions) => {
      const { tenant } = options;
      const result = await askDeployment(await deskOf(options), "request-show", { tenant, id });
      print(options, result, describeRequest(result));
    });
  finish(command, "print what list prints of it, with steps and certificateId");
}

function addErase(request: Command): void {
  const command = request
    .command("erase")
    .description("Opens an erasure for a person who asked you for it, and waits for its end.")
    .action(async (options: EraseOptions) => {
      const { tenant } = options;
      const timeoutMs = readTimeout(options);
      const subject = await readSubject(options);
      const { onConfiguredDeployment } = await import("./configured-deployment.ts");
      const result = await onConfiguredDeployment(options, async (ask) => {
        const { id, requestToken } = await ask("request-erase", { tenant, subject });
        process.stderr.write(`request ${id}\n`);
        return { ...(await followRequest(ask, { tenant, id }, timeoutMs)), requestToken };
      });
      const token = `token ${result.requestToken}: with it she sees the request and its certificate`;
      print(options, result, [...describeRequest(result), token]);
      if (isOpen(result)) process.exitCode = 1;
    });
  addTimeoutOption(addSubjectOption(command));
  addConfigOptions(command.option("--tenant <id>", "of one tenant (the only one)", ""));
  command.option("--json", "print what show prints, and requestToken");
  addExitCodes(addActorOption(command), {
    0: "it has ended; the state says how",
    1: "opened, and not at its end yet",
    2: "not opened: no deployment or config, out of reach, or wrong usage",
  });
}

function finish(command: Command, json: string): void {
  command.option("--policy <file>", `the policy in force, where no process runs (${POLICY_FILE})`);
  addDataOption(command.option("--tenant <id>", "of one tenant (the only one)", ""));
  command.option("--json", json);
  addExitCodes(command, { 0: "told", 2: "not there, out of reach, or wrong usage" });
}

/** Whose rules say when to warn is known to a running process; else the policy tells it, if it is there. */
async function deskOf({ data, policy }: DeskOptions): Promise<{
  readonly data: string | undefined;
  readonly country: string | undefined;
}> {
  const isThere = policy !== undefined || (await stat(POLICY_FILE).catch(() => undefined));
  const country = isThere && (await readPolicy(policy ?? POLICY_FILE)).controller.country;
  return { data, country: country || undefined };
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new PrivacyError("ERR_INPUT_INVALID", { detail: "--limit" });
}

function parseDate(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new PrivacyError("ERR_INPUT_INVALID", { detail: "--due-before" });
  return new Date(at).toISOString();
}

function describeList({ requests, more }: DeskList): readonly string[] {
  const lines = requests.map((entry) => describeEntry(entry).join("  "));
  return [
    ...(lines.length === 0 ? ["no request"] : lines),
    ...(more ? ["there are more: --limit"] : []),
  ];
}
