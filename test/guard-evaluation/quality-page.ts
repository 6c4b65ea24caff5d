import { cases } from "./cases.ts";
import type { Evaluation } from "./evaluate.ts";
import { floorOf } from "./floors.ts";

/** `docs/guard-quality.md`: what the scanner finds of the labelled set. */
export function qualityPage({ rows }: Evaluation): string {
  const written = cases.filter(({ origin }) => origin === "written").length;
  const empty = cases.filter(({ labels }) => labels.length === 0).length;
  const percent = (share: number): string => (share * 100).toFixed(1);
  return `# What the guard finds

Made by \`npx pnpm run quality\` from the labelled set in [test/guard-evaluation](../test/guard-evaluation); a test keeps it
true. ${cases.length} invented texts and payloads in Chinese and English, ${written} of them written by hand, ${empty} with nothing to
find in them. The rules come from the standards; the set was labelled by somebody who had not seen them, and then served to
mend them: on texts of yours expect less. [What it cannot see](limits.md#what-is-enforced-and-where-it-stops).

_Recall_: of 100 labelled places so many are found. _Precision_: of 100 findings so many are right. _Goal_: the least that
the tests let pass.

| type | labelled | recall | precision | goal |
| --- | --- | --- | --- | --- |
${rows
  .map(({ type, labelled, recall, precision }) => {
    const floor = floorOf(type);
    return `| \`${type}\` | ${labelled} | ${percent(recall)} | ${percent(precision)} | ${percent(floor.recall)} / ${percent(floor.precision)} |`;
  })
  .join("\n")}
`;
}
