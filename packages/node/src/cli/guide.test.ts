import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { createProgram } from "./program.ts";

const guides = new URL("../../../../docs/guides/", import.meta.url);

/** What is said of a command: options and exit codes, sorted. */
interface Told {
  readonly usage: string;
  readonly options: readonly string[];
  readonly codes: readonly string[];
}

function leaves(command: Command, path: string): readonly (readonly [string, Command])[] {
  const own = path === "" ? command.name() : `${path} ${command.name()}`;
  if (command.commands.length === 0) return [[own, command]];
  return command.commands.flatMap((child) => leaves(child, own));
}

function toldByHelp(path: string, command: Command): Told {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  const args = command.registeredArguments.map((argument) =>
    argument.required ? ` <${argument.name()}>` : ` [${argument.name()}]`,
  );
  return {
    usage: path + args.join(""),
    options: command.options.map(({ flags }) => flags).toSorted(),
    codes: [...help.split("Exit codes:")[1]!.matchAll(/^ {2}(\d) {2}/gm)].map(([, code]) => code!),
  };
}

function toldByGuide(text: string): readonly Told[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      usage: /^`(.+)`\n/.exec(section)![1]!,
      options: [...section.matchAll(/^\| `(--[^`]+)` +\|/gm)].map(([, flags]) => flags!).toSorted(),
      codes: [...section.matchAll(/^\| (\d) +\|/gm)].map(([, code]) => code!),
    }));
}

describe.each(["cli.md", "cli.zh-CN.md"])("docs/guides/%s", (file) => {
  it("tells every command, option and exit code that there is, and no other", async () => {
    const text = await readFile(new URL(file, guides), "utf8");
    const there = leaves(createProgram(), "").map(([path, command]) => toldByHelp(path, command));
    expect(toldByGuide(text)).toEqual(there);
  });

  it("shows a call of every command", async () => {
    const text = await readFile(new URL(file, guides), "utf8");
    const calls = [...text.matchAll(/^\$ .*npx (miniprivacy .*)$/gm)].map(([, call]) => call!);
    for (const [path] of leaves(createProgram(), ""))
      expect(calls.filter((call) => `${call} `.startsWith(`${path} `))).toHaveLength(1);
  });
});
