import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = ["--import", "tsx", "--conditions", "@miniprivacy/source"];

/** Runs a program of this repository from source, and gives what it printed. */
export async function runSource(
  args: readonly string[],
  environment: { readonly [name: string]: string } = {},
): Promise<string> {
  const env = { ...process.env, ...environment };
  return (await run(process.execPath, [...SOURCE, ...args], { cwd: ROOT, env })).stdout;
}

/** Has the demo play its story, a line a step. */
export const playStory = (environment: { readonly [name: string]: string }): Promise<string> =>
  runSource(["docs/examples/corner-shop/src/main.ts", "--once"], environment);
