import { stat } from "node:fs/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Command } from "commander";
import type {
  DeskEntry,
  DeskList,
  DeskRequest,
  DeskStep,
} from "../subject-request/request-desk.ts";
import { askDeployment } from "./ask-deployment.ts";
import { addDataOption } from "./data-option.ts";
import { addExitCodes } from "./exit-codes.ts";
import { POLICY_FILE, readPolicy } from "./policy-file.ts";
import { type OutputOptions, print } from "./print.ts";

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

/** Adds `miniprivacy request list` and `show`. */
export function addRequestCommand(program: Command): void {
  const request = program.command("request").description("What people have asked for.");
  addList(request);
  addShow(request);
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

function describeEntry(entry: DeskEntry): readonly string[] {
  const { id, kind, purpose, state, receivedAt, dueAt, failingStores } = entry;
  return [
    id,
    purpose === undefined ? kind : `${kind} ${purpose}`,
    state,
    `received ${receivedAt}`,
    `due ${dueAt}`,
    ...describeUrgency(entry),
    ...(failingStores > 0 ? [`failing stores: ${failingStores}`] : []),
  ];
}

function describeUrgency({ urgency, daysLeft = 0 }: DeskEntry): readonly string[] {
  if (urgency === undefined) return [];
  if (urgency === "overdue") return [`OVERDUE, day ${-daysLeft}`];
  return [`${urgency === "warn" ? "WARNING: " : ""}${daysLeft} days left`];
}

/** One request as sentences. */
export function describeRequest(request: DeskRequest): readonly string[] {
  const { steps, certificateId } = request;
  return [
    ...describeEntry(request),
    ...steps.map(describeStep),
    ...(certificateId === undefined ? [] : [`certificate ${certificateId}`]),
  ];
}

/** Where one store has come to. */
export function describeStep(step: DeskStep): string {
  const { store, record, outcome, countBefore, countAfter, attempts, fault, until } = step;
  return [
    `${store}.${record}`,
    outcome ?? "not tried yet",
    `rows ${countBefore ?? "?"} -> ${countAfter ?? "?"}`,
    ...(attempts > 0 ? [`failed ${attempts} x`] : []),
    ...(fault === null ? [] : [fault]),
    ...(until === null ? [] : [`until ${until}`]),
  ].join("  ");
}
