#!/usr/bin/env node
import { isPrivacyError } from "@miniprivacy/core/errors";
import { Command, CommanderError } from "commander";
import { addKeysCommand } from "./cli/keys.ts";
import { addVerifyCommand } from "./cli/verify.ts";

const program = new Command("miniprivacy")
  .description("Asks, decides, does and proves what a privacy policy says.")
  .exitOverride();

addVerifyCommand(program);
addKeysCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCode(error);
}

/** 0 after help, 2 for wrong usage and for what cannot be read; anything else is a fault of ours and stays one. */
function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!isPrivacyError(error)) throw error;
  process.stderr.write(`miniprivacy: ${error.code}: ${error.message}\n`);
  return 2;
}
