import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { initKeyFolder } from "../key/key-folder.ts";
import { actorOf, addActorOption } from "./actor.ts";
import { addExitCodes } from "./exit-codes.ts";
import { type OutputOptions, print } from "./print.ts";

interface KeysInitOptions extends OutputOptions {
  readonly actor?: string;
}

/** Adds `miniprivacy keys init`. */
export function addKeysCommand(program: Command): void {
  const keys = program.command("keys").description("The keys of a deployment.");
  const init = keys
    .command("init")
    .description(
      "Makes the keys of a deployment in a folder, each file readable by its owner only.",
    )
    .argument("<folder>", "made when missing; must not hold keys")
    .option("--json", "print { thumbprint, logThumbprint }")
    .action(async (folder: string, options: KeysInitOptions) => {
      const madeBy = actorOf(options);
      const { signer, log } = await initKeyFolder(folder);
      const record = { madeBy, madeAt: new Date().toISOString() };
      await writeFile(join(folder, "made.json"), `${JSON.stringify(record)}\n`, { mode: 0o600 });
      const thumbprint = signer.kid;
      const logThumbprint = log.publicJwk.kid;
      print(options, { thumbprint, logThumbprint }, [
        `keys made; thumbprints to publish: ${thumbprint} (statements), ${logThumbprint} (log)`,
      ]);
    });
  addActorOption(init);
  addExitCodes(init, {
    0: "made",
    2: "the folder holds keys or cannot be written, or wrong usage; no key is replaced",
  });
}
