import { leafFields, type RecordShape } from "../policy/personal-record.ts";
import type { Policy } from "../policy/policy.ts";
import { categoryUse, type CategoryUse } from "./purpose-rule.ts";

/** Whether a field, or any field within it, holds nothing personal or one of the allowed categories. */
export function isVisible(field: RecordShape[string], allowed: ReadonlySet<string>): boolean {
  switch (field.kind) {
    case "plain":
    case "subject":
    case "tenant":
    case "anchor":
      return true;
    case "personal":
      return allowed.has(field.category);
    case "group":
    case "list":
      return Object.values(field.fields).some((inner) => isVisible(inner, allowed));
    default:
      return field satisfies never;
  }
}

/** The categories that the visible fields hold, each as often as it comes from different places. */
export function visibleUses(
  policy: Policy,
  shape: RecordShape,
  allowed: ReadonlySet<string>,
): readonly CategoryUse[] {
  const uses = leafFields(shape).flatMap(({ field }) =>
    field.kind === "personal" && allowed.has(field.category)
      ? [categoryUse(policy, field.category, field)]
      : [],
  );
  return [
    ...new Map(
      uses.map((use) => [JSON.stringify([use.category, use.source, use.collectedIn]), use]),
    ).values(),
  ];
}
