import { fileURLToPath } from "node:url";
import type { Plugin } from "vitest/config";
import type { Mutant } from "./find-mutants.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Changes the one source file that `MUTANT` names as it is loaded; no file on disk is touched. */
export function mutantPlugins(): Plugin[] {
  const given = process.env["MUTANT"];
  if (given === undefined) return [];
  const { file, start, end, text } = JSON.parse(given) as Mutant;
  return [
    {
      name: "mutant",
      enforce: "pre",
      transform: (source, id) =>
        id === `${ROOT}${file}` ? source.slice(0, start) + text + source.slice(end) : undefined,
    },
  ];
}
