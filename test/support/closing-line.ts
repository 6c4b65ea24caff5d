import type { Reporter, TestModule, Vitest } from "vitest/node";
import { unshownIds } from "../requirements/shown-ids.ts";

/**
 * Ends a run with one line that scripts can read: `N passed, N failed`, and skipped ones where there are any. A claimed
 * requirement that no test showed counts as failed.
 */
export default class ClosingLine implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly unknown[],
    reason: "passed" | "failed" | "interrupted",
  ): void {
    const isWhole = this.#vitest?.config.testNamePattern === undefined && reason === "passed";
    const unshown = isWhole ? unshownIds(modules) : [];
    if (unshown.length > 0) {
      process.stdout.write(`\nNo passing test shows ${unshown.join(", ")}\n`);
      process.exitCode = 1;
    }
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number =>
      tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter(
      (module) => module.state() === "failed" && module.errors().length > 0,
    ).length;
    const skipped = count("skipped");
    const failed = count("failed") + broken + errors.length + unshown.length;
    process.stdout.write(
      `\n${count("passed")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
    );
  }
}
