import { Command } from "commander";
import { addAccessCommand } from "./access.ts";
import { addBuildCommand } from "./build.ts";
import { addCheckCommand } from "./check.ts";
import { addDbCommand } from "./db.ts";
import { addDemandCommand } from "./demand.ts";
import { addErasureCommand } from "./erasure.ts";
import { addInitCommand } from "./init.ts";
import { addKeysCommand } from "./keys.ts";
import { addLogCommand } from "./log.ts";
import { addReplayCommand } from "./replay.ts";
import { addRequestCommand } from "./request.ts";
import { addServeCommand } from "./serve.ts";
import { addVerifyCommand } from "./verify.ts";

/** The command line with every command. Wrong usage is thrown, as a `CommanderError`. */
export function createProgram(): Command {
  const program = new Command("miniprivacy")
    .description("Asks, decides, does and proves what a privacy policy says.")
    .exitOverride();
  addInitCommand(program);
  addCheckCommand(program);
  addBuildCommand(program);
  addServeCommand(program);
  addVerifyCommand(program);
  addKeysCommand(program);
  addDbCommand(program);
  addLogCommand(program);
  addAccessCommand(program);
  addRequestCommand(program);
  addErasureCommand(program);
  addDemandCommand(program);
  addReplayCommand(program);
  return program;
}
