import type { DataSelector } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Command } from "commander";
import type { Demand, DemandStep } from "../demand/demand.ts";
import type { PlannedDemand } from "../demand/demand-plan.ts";
import { addActorOption } from "./actor.ts";
import { askDeployment } from "./ask-deployment.ts";
import { addConfigOptions, type ConfiguredPlace } from "./config-option.ts";
import type { AskConfigured } from "./configured-deployment.ts";
import { addDataOption } from "./data-option.ts";
import { addExitCodes } from "./exit-codes.ts";
import { addTimeoutOption, follow, readTimeout } from "./follow-request.ts";
import { type OutputOptions, print } from "./print.ts";
import { parseSince } from "./since.ts";

interface DemandOptions extends OutputOptions, ConfiguredPlace {
  readonly tenant: string;
  readonly everything?: boolean;
  readonly category?: string;
  readonly source?: string;
  readonly collectedIn?: string;
  readonly until?: string;
}

interface OpenOptions extends DemandOptions {
  readonly platform: string;
  readonly number?: string;
  readonly due?: string;
  readonly undated?: boolean;
  readonly yes?: boolean;
  readonly timeout: string;
}

interface StatusOptions extends OutputOptions {
  readonly data?: string;
  readonly tenant: string;
}

/** Adds `miniprivacy demand plan`, `open` and `status`. */
export function addDemandCommand(program: Command): void {
  const demand = program
    .command("demand")
    .description("What a platform demands to be erased for everybody, and the end of a tenant.");
  addPlan(demand);
  addOpen(demand);
  addStatus(demand);
}

function addPlan(demand: Command): void {
  const command = demand
    .command("plan")
    .description("Tells what a demand would erase in every store, and does nothing.")
    .action(async (options: DemandOptions) => {
      const selector = selectorOf(options);
      const { onConfiguredDeployment } = await import("./configured-deployment.ts");
      const result = await onConfiguredDeployment(options, (ask) =>
        ask("demand-plan", { tenant: options.tenant, selector }),
      );
      print(options, result, describePlan(result.stores));
      if (result.stores.some(({ fault }) => fault !== null)) process.exitCode = 1;
    });
  addSelector(command);
  addConfigOptions(command).option(
    "--json",
    "print { stores: [{ store, record, fields, dated, rows, persons, fault, evidence }] }",
  );
  addExitCodes(command, {
    0: "told",
    1: "a store did not answer",
    2: "no deployment or config, out of reach, or wrong usage",
  });
}

function addOpen(demand: Command): void {
  const command = demand
    .command("open")
    .description(
      "Closes the gate, has the selected data of everybody erased, and waits for the end.",
    )
    .requiredOption("--platform <name>", "weixin, tcmpp, wecom, feishu or kuaishou")
    .option("--number <text>", "the platform's number of its demand (the tenant has left it)")
    .option("--due <moment>", "by when, RFC 3339 (when a person's request would be due)")
    .option("--undated", "erase also what does not tell when it was collected")
    .option("--yes", "do it: nothing of this can be taken back")
    .action(async (options: OpenOptions) => {
      const { tenant } = options;
      const timeoutMs = readTimeout(options);
      const demanded = newDemand(options);
      const { onConfiguredDeployment } = await import("./configured-deployment.ts");
      await onConfiguredDeployment(options, async (ask) => {
        if (options.yes !== true) {
          const plan = await ask("demand-plan", { tenant, selector: demanded.selector });
          print(options, plan, [...describePlan(plan.stores), "nothing was done: --yes does it"]);
          process.exitCode = 1;
          return;
        }
        const result = await ask("demand-open", { tenant, ...demanded });
        if (!result.opened) {
          const records = result.reason === "undated-records" ? result.records : [];
          print(options, result, [`refused: ${[result.reason, ...records].join(" ")}`]);
          process.exitCode = 1;
          return;
        }
        const ended = await followDemand(ask, { tenant, id: result.demand.id }, timeoutMs);
        print(options, ended, describeDemand(ended));
        if (ended.state === "open") process.exitCode = 1;
      });
    });
  addTimeoutOption(addSelector(command));
  addConfigOptions(command).option("--json", "print what status prints of it");
  addExitCodes(addActorOption(command), {
    0: "it has ended; the certificate says how",
    1: "not at its end yet, refused, or without --yes",
    2: "not opened: no deployment or config, out of reach, or wrong usage",
  });
}

function addStatus(demand: Command): void {
  const command = demand
    .command("status")
    .description("Tells how far demands have come, the newest first.")
    .argument("[id]", "only this one")
    .action(async (id: string | undefined, options: StatusOptions) => {
      const { data, tenant } = options;
      const result = await askDeployment({ data }, "demand-status", {
        tenant,
        ...(id !== undefined && { id }),
      });
      const { demands } = result;
      const lines = demands.flatMap(describeDemand);
      print(options, result, lines.length === 0 ? ["no demand"] : lines);
    });
  addDataOption(command.option("--tenant <id>", "of one tenant (the only one)", ""));
  command.option(
    "--json",
    "print { demands: [{ id, trigger, selector, orderId, state, openedAt, dueAt, steps, certificateId }] }",
  );
  addExitCodes(command, { 0: "told", 2: "not there, out of reach, or wrong usage" });
}

function addSelector(command: Command): Command {
  return command
    .option("--tenant <id>", "of one tenant (the only one)", "")
    .option("--everything", "everything of the tenant, our own records too")
    .option("--category <id>", "data of one category")
    .option("--source <source>", "platform (it handed it over) or subject (she typed it)")
    .option("--collected-in <platform>", "weixin, tcmpp, wecom, feishu, kuaishou or elsewhere")
    .option("--until <moment>", "what was collected up to then, RFC 3339");
}

/** @throws PrivacyError `ERR_INPUT_INVALID` for everything beside a part of it, and for nothing. */
function selectorOf({
  everything,
  category,
  source,
  collectedIn,
  until,
}: DemandOptions): object | "tenant" {
  const parts = {
    ...(category !== undefined && { category }),
    ...(source !== undefined && { source }),
    ...(collectedIn !== undefined && { collectedIn }),
    ...(until !== undefined && { collectedUntil: parseSince(until, Date.now(), "--until") }),
  };
  if ((everything === true) === Object.keys(parts).length > 0)
    throw new PrivacyError("ERR_INPUT_INVALID", {
      detail: "either --everything, or what is selected",
    });
  return everything === true ? "tenant" : parts;
}

/** What is demanded, as the command takes it. */
interface Demanded {
  readonly trigger: object;
  readonly selector: object | "tenant";
  readonly dueAt?: string;
  readonly undated?: "erase";
}

function newDemand(options: OpenOptions): Demanded {
  const { platform, number, due, undated } = options;
  return {
    trigger:
      number === undefined
        ? { kind: "contract-exit", platform }
        : { kind: "platform-demand", platform, number },
    selector: selectorOf(options),
    ...(due !== undefined && { dueAt: parseSince(due, Date.now(), "--due") }),
    ...(undated === true && { undated: "erase" }),
  };
}

function followDemand(
  ask: AskConfigured,
  which: { readonly tenant: string; readonly id: string },
  timeoutMs: number,
): Promise<Demand> {
  return follow(
    {
      show: async () => (await ask("demand-status", which)).demands[0]!,
      describe: ({ id, state, steps }: Demand) => [`${id} ${state}`, ...steps.map(describeStep)],
      isOpen: ({ state }) => state === "open",
    },
    timeoutMs,
  );
}

function describePlan(stores: readonly PlannedDemand[]): readonly string[] {
  if (stores.length === 0) return ["nothing is selected"];
  return stores.map(({ store, record, fields, rows, persons, fault, evidence }) =>
    [
      `${store}.${record}`,
      fields === null ? "whole rows" : fields.join(","),
      rows === null ? "rows not known" : `${rows} rows of ${persons ?? "?"} people`,
      ...(evidence === "read-back" ? [] : [evidence]),
      ...(fault === null ? [] : [fault]),
    ].join("  "),
  );
}

function describeDemand(demand: Demand): readonly string[] {
  const { id, trigger, selector, state, openedAt, dueAt, steps, certificateId } = demand;
  const number = trigger.kind === "platform-demand" ? trigger.number : trigger.kind;
  return [
    [
      id,
      `${trigger.platform} ${number}`,
      describeSelector(selector),
      state,
      `opened ${openedAt}`,
      `due ${dueAt}`,
    ].join("  "),
    ...steps.map(describeStep),
    ...(certificateId === null ? [] : [`certificate ${certificateId}`]),
  ];
}

function describeSelector(selector: DataSelector): string {
  if (selector === "tenant") return "everything";
  return Object.entries(selector)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function describeStep({
  store,
  record,
  rows,
  erased,
  outcome,
  fault,
  attempts,
}: DemandStep): string {
  return [
    `  ${store}.${record}`,
    outcome ?? "under way",
    `${erased} of ${rows ?? "?"} rows`,
    ...(attempts > 0 ? [`failed ${attempts} x`] : []),
    ...(fault === null ? [] : [fault]),
  ].join("  ");
}
