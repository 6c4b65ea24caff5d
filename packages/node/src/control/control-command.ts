import { inputIssues, PrivacyError } from "@miniprivacy/core/errors";
import * as z from "zod/mini";
import type { Database } from "../database/database.ts";
import type { Journal } from "../journal/journal.ts";
import { type LogStatus, logStatus } from "./log-status.ts";

/** What a command works on, in the process that holds it. */
export interface ControlledDeployment {
  readonly database: Database;
  readonly journal: Journal | undefined;
}

/** A command as it is sent. */
export interface ControlRequest {
  readonly command: ControlCommandName;
  /** Who gave it. */
  readonly actor: string;
  readonly input: object;
}

/** @throws PrivacyError `ERR_INPUT_INVALID` when the input is not the command's. */
type RunControl<Result> = (
  deployment: ControlledDeployment,
  input: unknown,
  actor: string,
) => Promise<Result>;

/** Every command that a running deployment carries out for the command line. */
export const CONTROL_COMMANDS: {
  readonly "log-status": RunControl<LogStatus>;
} = {
  "log-status": command(z.strictObject({}), (deployment) => logStatus(deployment)),
};

function command<Input, Result extends object>(
  schema: z.ZodMiniType<Input>,
  run: (deployment: ControlledDeployment, input: Input, actor: string) => Promise<Result>,
): RunControl<Result> {
  return (deployment, input, actor) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(deployment, parsed.data, actor);
    throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(parsed.error.issues) });
  };
}

export type ControlCommandName = keyof typeof CONTROL_COMMANDS;
export type ControlResult<Name extends ControlCommandName> = Awaited<
  ReturnType<(typeof CONTROL_COMMANDS)[Name]>
>;
