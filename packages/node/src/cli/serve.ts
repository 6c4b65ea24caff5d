import type { Command } from "commander";
import { CONFIG_FILE } from "./config-option.ts";
import { addExitCodes } from "./exit-codes.ts";
import type { OutputOptions } from "./print.ts";

const DEFAULT_PORT = 4310;

interface ServeCommandOptions extends OutputOptions {
  readonly port?: string;
}

/** Adds `miniprivacy serve`. */
export function addServeCommand(program: Command): void {
  const command = program
    .command("serve")
    .description("Serves the privacy endpoints on 127.0.0.1 until SIGTERM or SIGINT.")
    .argument("[config]", "module that exports the options of createPrivacy", CONFIG_FILE)
    .option("--port <port>", `0 takes a free one (PORT, else ${DEFAULT_PORT})`)
    .option("--json", "print { ready, database } in place of the ready line")
    .action(async (path: string, options: ServeCommandOptions) => {
      const { serveConfig } = await import("./serve-config.ts");
      const port = options.port ?? (process.env["PORT"] || String(DEFAULT_PORT));
      await serveConfig(path, { ...options, port });
    });
  addExitCodes(command, {
    0: "ended by a signal",
    1: "did not end within 5 seconds, or a second signal came",
    2: "could not start: configuration, database or port",
  });
}
