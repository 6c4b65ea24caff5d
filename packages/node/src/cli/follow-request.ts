import { setTimeout as sleep } from "node:timers/promises";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Command } from "commander";
import type { DeskRequest } from "../subject-request/request-desk.ts";
import type { AskConfigured } from "./configured-deployment.ts";
import { describeStep } from "./describe-request.ts";

const POLL_MS = 100;

/** Lets a command say how long it waits for the end of a request. */
export function addTimeoutOption(command: Command): Command {
  return command.option("--timeout <seconds>", "how long to wait for its end", "60");
}

/** @throws PrivacyError `ERR_INPUT_INVALID` */
export function readTimeout({ timeout }: { readonly timeout: string }): number {
  const seconds = Number(timeout);
  if (seconds >= 0 && seconds <= 86_400) return seconds * 1000;
  throw new PrivacyError("ERR_INPUT_INVALID", { detail: "--timeout" });
}

/**
 * Waits until a request has ended, or no longer; what it comes to meanwhile is told on standard error.
 *
 * @returns Where it stands then; open, it has no end yet.
 */
export async function followRequest(
  ask: AskConfigured,
  which: { readonly tenant: string; readonly id: string },
  timeoutMs: number,
): Promise<DeskRequest> {
  const deadline = performance.now() + timeoutMs;
  const told = new Set<string>();
  for (;;) {
    const request = await ask("request-show", which);
    for (const line of [`state ${request.state}`, ...request.steps.map(describeStep)]) {
      if (!told.has(line)) process.stderr.write(`${line}\n`);
      told.add(line);
    }
    if (!isOpen(request) || performance.now() >= deadline) return request;
    await sleep(POLL_MS);
  }
}

/** Whether something is still to be done for it. */
export function isOpen({ urgency }: DeskRequest): boolean {
  return urgency !== undefined;
}
