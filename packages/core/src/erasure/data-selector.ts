import { categoryUse } from "../access/purpose-rule.ts";
import {
  leafFields,
  type LeafField,
  type PersonalField,
  type PersonalRecord,
  topLevelField,
} from "../policy/personal-record.ts";
import type { CollectedIn, DataSource } from "../policy/policy.ts";

/** Which data is to be erased for everybody: all of a tenant's, or whatever has all the members it names. */
export type DataSelector =
  | "tenant"
  | {
      readonly category?: string;
      readonly source?: DataSource;
      readonly collectedIn?: CollectedIn;
      /** What was collected up to then, RFC 3339. */
      readonly collectedUntil?: string;
    };

/** The event of the anchor field that tells when a row's data was collected. */
export const COLLECTED = "collected";

/** The top-level fields of a record that hold selected data: a group goes as a whole. */
export function selectedFields(
  { policy, fields }: Pick<PersonalRecord, "policy" | "fields">,
  selector: DataSelector,
): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    leafFields({ [name]: field }).some((leaf) => isSelected(policy, leaf.field, selector))
      ? [name]
      : [],
  );
}

/** The categories of them that are selected, in the order of their names. */
export function selectedCategories(
  records: readonly PersonalRecord[],
  selector: DataSelector,
): readonly string[] {
  const selected = new Set(
    records.flatMap(({ policy, fields }) =>
      leafFields(fields).flatMap(({ field }) =>
        isPersonal(field) && isSelected(policy, field, selector) ? [field.category] : [],
      ),
    ),
  );
  return [...selected].sort((a, b) => (a < b ? -1 : 1));
}

/** The field that tells when a row's data was collected; undefined where none does. */
export function collectedField({ fields }: Pick<PersonalRecord, "fields">): string | undefined {
  return topLevelField(fields, (field) => field.kind === "anchor" && field.event === COLLECTED);
}

function isSelected(
  policy: PersonalRecord["policy"],
  field: LeafField,
  selector: DataSelector,
): boolean {
  if (!isPersonal(field)) return false;
  if (selector === "tenant") return true;
  const use = categoryUse(policy, field.category, field);
  // Requirement WX-4.4.5b: what the platform provided is told from what she typed, wherever a field holds it.
  return (
    (selector.category ?? use.category) === use.category &&
    (selector.source ?? use.source) === use.source &&
    (selector.collectedIn ?? use.collectedIn) === use.collectedIn
  );
}

function isPersonal(field: LeafField): field is PersonalField {
  return field.kind === "personal";
}
