import { leafFields, type PersonalRecord } from "@miniprivacy/core/policy";

/**
 * The fields of a record that hold nothing but data of the given categories. A group that holds data of others too is not
 * among them: it stays whole until all of it may go.
 */
export function releasedFields(
  { fields }: PersonalRecord,
  categories: readonly string[],
): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const held = leafFields({ [name]: field }).flatMap((leaf) =>
      leaf.field.kind === "personal" ? [leaf.field.category] : [],
    );
    return held.length > 0 && held.every((id) => categories.includes(id)) ? [name] : [];
  });
}
