import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The demo shop as a process of its own. */
export interface DemoServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it has written so far. */
  output(): string;
  call(
    method: string,
    path: string,
    as: string,
    body?: object,
    headers?: { readonly [name: string]: string },
  ): Promise<DemoAnswer>;
  /** Ends it at once, as a power switch would end a process. */
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

export interface DemoAnswer {
  readonly status: number;
  readonly text: string;
  /** Names and values, a line each. */
  readonly headers: string;
  readonly body: { readonly [name: string]: unknown };
}

/** @param environment What it is started with beside its folder (nothing: embedded). */
export async function startDemo(
  dir: string,
  environment: { readonly [name: string]: string } = {},
): Promise<DemoServer> {
  const args = [
    "--import",
    "tsx",
    "--conditions",
    "@miniprivacy/source",
    "docs/examples/corner-shop/src/main.ts",
  ];
  const env = {
    ...process.env,
    PORT: "0",
    MINIPRIVACY_DATA: dir,
    DEMO_TEST_SIGNIN: "1",
    ...environment,
  };
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the demo ended with ${code}: ${output}`)));
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
      const ready = /ready (http:\S+)\n/.exec(output);
      if (ready) resolve(ready[1]!);
    });
  });
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
  return {
    url,
    process: child,
    output: () => output,
    async call(method, path, as, body, headers) {
      const response = await fetch(url + path, {
        method,
        headers: {
          "x-demo-subject": as,
          ...headers,
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        text,
        headers: [...response.headers].map((header) => header.join(": ")).join("\n"),
        body: text.startsWith("{") ? JSON.parse(text) : {},
      };
    },
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
  };
}
