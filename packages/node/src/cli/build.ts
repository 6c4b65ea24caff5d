import { writeFile } from "node:fs/promises";
import { canonicalJson } from "@miniprivacy/core";
import { checkPolicy, clientPolicy } from "@miniprivacy/core/policy";
import type { Command } from "commander";
import { describeFinding, hasErrors } from "./check.ts";
import { addExitCodes } from "./exit-codes.ts";
import { POLICY_FILE, readPolicy } from "./policy-file.ts";
import { type OutputOptions, print } from "./print.ts";

interface BuildOptions extends OutputOptions {
  readonly out?: string;
}

/** Adds `miniprivacy build --client`. */
export function addBuildCommand(program: Command): void {
  const command = program
    .command("build")
    .description("Writes what devices need of a policy: the same bytes for the same policy.")
    .argument("[policy]", "module that exports it as `policy` or by default, or JSON", POLICY_FILE)
    .requiredOption("--client", "the client policy, bound to the policy's digest")
    .option("--out <file>", "where to write it (standard output)")
    .option("--json", "with --out: print { digest, file, bytes }; with findings: { findings }")
    .action(async (path: string, options: BuildOptions) => {
      const policy = await readPolicy(path);
      const findings = checkPolicy(policy).filter(({ severity }) => severity === "error");
      if (hasErrors(findings)) {
        print(options, { findings }, findings.map(describeFinding));
        process.exitCode = 1;
        return;
      }
      const client = clientPolicy(policy);
      const text = `${canonicalJson(client)}\n`;
      if (options.out === undefined) {
        process.stdout.write(text);
        return;
      }
      await writeFile(options.out, text);
      const bytes = Buffer.byteLength(text);
      print(options, { digest: client.digest, file: options.out, bytes }, [
        `${options.out}: ${bytes} bytes, policy ${client.id} ${client.version}, digest ${client.digest}`,
      ]);
    });
  addExitCodes(command, {
    0: "written",
    1: "the policy has findings of severity error; nothing is written",
    2: "unreadable, or wrong usage",
  });
}
