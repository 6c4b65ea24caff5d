import { vi } from "vitest";
import { main } from "./main.ts";

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, as the command line would. One at a time. */
export async function runCommand(...args: readonly string[]): Promise<CommandOutcome> {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const err = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const text = (spy: typeof out): string => spy.mock.calls.map(([chunk]) => String(chunk)).join("");
  try {
    await main(args);
    return { code: Number(process.exitCode ?? 0), stdout: text(out), stderr: text(err) };
  } finally {
    process.exitCode = undefined;
    out.mockRestore();
    err.mockRestore();
  }
}
