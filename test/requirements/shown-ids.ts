import { relative } from "node:path";
import type { TestModule } from "vitest/node";
import { readMentions, ROOT } from "./mentions.ts";

/** A test that needs a server or a browser may be skipped where there is none; in CI there is one. */
const SHOWN: readonly string[] = process.env["CI"] === "true" ? ["passed"] : ["passed", "skipped"];

/** Ids that code claims, whose tests' files all ran, and that no passing test carries in its title. */
export function unshownIds(modules: readonly TestModule[]): readonly string[] {
  const { code, titles } = readMentions();
  const ran = new Set(modules.map(({ moduleId }) => relative(ROOT, moduleId)));
  const names = modules
    .flatMap((module) => [...module.children.allTests()])
    .filter((test) => SHOWN.includes(test.result().state))
    .map(({ fullName }) => fullName);
  return [...code.keys()].filter((id) => {
    const files = titles.get(id) ?? [];
    const carries = new RegExp(`\\b${id.replaceAll(".", "\\.")}(?![\\w.]*\\w)`);
    return files.every((file) => ran.has(file)) && !names.some((name) => carries.test(name));
  });
}
