import type { Command } from "commander";
import { initKeyFolder } from "../key/key-folder.ts";

/** Adds `miniprivacy keys init`. Exit codes: 0 made, 2 the folder already holds keys or cannot be written. */
export function addKeysCommand(program: Command): void {
  const keys = program.command("keys").description("The keys of a deployment.");
  keys
    .command("init")
    .description(
      "Makes the keys of a deployment in a folder, each file readable by its owner only.",
    )
    .argument("<folder>", "made when missing; must not hold keys")
    .option("--json", "print { thumbprint }")
    .action(async (folder: string, { json }: { readonly json?: boolean }) => {
      const { signer } = await initKeyFolder(folder);
      const { kid: thumbprint } = signer;
      process.stdout.write(
        json
          ? `${JSON.stringify({ thumbprint })}\n`
          : `keys made; thumbprint to publish: ${thumbprint}\n`,
      );
    });
}
