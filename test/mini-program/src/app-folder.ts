import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Reads a mini-program's folder; paths are relative to it, with slashes. */
export interface AppFolder {
  readonly directory: string;
  has(file: string): boolean;
  text(file: string): string;
  /** Parsed; `undefined` if there is no such file. */
  json(file: string): Record<string, unknown> | undefined;
  /** Files with this ending, those npm installed for the build left out. */
  filesEnding(ending: string): readonly string[];
}

export function openAppFolder(directory: string): AppFolder {
  const text = (file: string) => readFileSync(join(directory, file), "utf8");
  const has = (file: string) => existsSync(join(directory, file));
  const all = listFiles(directory);
  return {
    directory,
    has,
    text,
    json: (file) => (has(file) ? parseJson(join(directory, file), text(file)) : undefined),
    filesEnding: (ending) => all.filter((file) => file.endsWith(ending)),
  };
}

function listFiles(directory: string, below = ""): readonly string[] {
  return readdirSync(join(directory, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    return entry.isDirectory() ? listFiles(directory, path) : [path];
  });
}

function parseJson(place: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`${place}: ${(cause as Error).message}`, { cause });
  }
}
