import type { EvaluationCase } from "./case.ts";
import { generated } from "./generated.ts";
import { generatedNegatives } from "./generated-negatives.ts";
import { generatedPayloads } from "./generated-payloads.ts";
import { hardNegatives } from "./hard-negatives.ts";
import { writtenChinese } from "./written-zh.ts";
import { writtenEnglish } from "./written-en.ts";
import { writtenPayloads } from "./written-payloads.ts";
import { writtenRecords } from "./written-records.ts";

/** The whole set: written by hand first, then made within the standards. What was made twice is in it once. */
export const cases: readonly EvaluationCase[] = once([
  ...writtenChinese,
  ...writtenEnglish,
  ...writtenRecords,
  ...writtenPayloads,
  ...hardNegatives,
  ...generated,
  ...generatedPayloads,
  ...generatedNegatives,
]);

function once(cases: readonly EvaluationCase[]): EvaluationCase[] {
  const known = new Set<string>();
  return cases.filter((item) => {
    const content = JSON.stringify(item.content);
    return !known.has(content) && known.add(content);
  });
}
