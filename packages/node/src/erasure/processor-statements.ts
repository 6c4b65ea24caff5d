import type { ProcessorStatement } from "@miniprivacy/core/certificate";
import type { Policy } from "@miniprivacy/core/policy";
import type { ErasureStep } from "./erasure-step.ts";

/**
 * The processors that may have been given what was erased, as the policy has it: recipients of a purpose, or operators of
 * an SDK, with a category of which something was there. One that a connector of kind `processor` and of its name reaches
 * is a scope of its own; nobody has told the others.
 */
export function processorStatements(
  policy: Policy,
  steps: readonly ErasureStep[],
): readonly ProcessorStatement[] {
  const erased = new Set(
    steps
      .filter(({ countBefore }) => countBefore !== 0)
      .flatMap(({ description }) => description?.dataCategories ?? []),
  );
  const reached = new Set(
    steps.flatMap(({ store, description }) => (description?.kind === "processor" ? [store] : [])),
  );
  const given = [
    ...Object.values(policy.purposes).map(({ categories, recipients }) => ({
      categories,
      recipients: recipients ?? [],
    })),
    ...Object.values(policy.sdks ?? {}).map(({ categories, recipient }) => ({
      categories,
      recipients: recipient === undefined ? [] : [recipient],
    })),
  ];
  const touched = new Set(
    given
      .filter(({ categories }) => categories.some((category) => erased.has(category)))
      .flatMap(({ recipients }) => recipients),
  );
  return Object.entries(policy.recipients)
    .filter(([id, { role }]) => role === "processor" && touched.has(id) && !reached.has(id))
    .map(([, { name }]) => ({ name, confirmation: "not-told" }));
}
