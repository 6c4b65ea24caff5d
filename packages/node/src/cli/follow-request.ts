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

/** What is waited for. */
export interface Followed<Shown> {
  readonly show: () => Promise<Shown>;
  /** Where it has come to. */
  readonly describe: (shown: Shown) => readonly string[];
  readonly isOpen: (shown: Shown) => boolean;
}

/**
 * Waits until something has ended, or no longer; what it comes to meanwhile is told on standard error.
 *
 * @returns Where it stands then; open, it has no end yet.
 */
export async function follow<Shown>(
  { show, describe, isOpen: isStillOpen }: Followed<Shown>,
  timeoutMs: number,
): Promise<Shown> {
  const deadline = performance.now() + timeoutMs;
  const told = new Set<string>();
  for (;;) {
    const shown = await show();
    for (const line of describe(shown)) {
      if (!told.has(line)) process.stderr.write(`${line}\n`);
      told.add(line);
    }
    if (!isStillOpen(shown) || performance.now() >= deadline) return shown;
    await sleep(POLL_MS);
  }
}

/** The same for a request of a person. */
export function followRequest(
  ask: AskConfigured,
  which: { readonly tenant: string; readonly id: string },
  timeoutMs: number,
): Promise<DeskRequest> {
  const describe = ({ state, steps }: DeskRequest): readonly string[] => [
    `state ${state}`,
    ...steps.map(describeStep),
  ];
  return follow({ show: () => ask("request-show", which), describe, isOpen }, timeoutMs);
}

/** Whether something is still to be done for it. */
export function isOpen({ urgency }: DeskRequest): boolean {
  return urgency !== undefined;
}
