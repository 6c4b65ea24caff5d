import { SENSITIVE_FIELD_NAMES, type SensitiveCategoryId } from "./sensitive-category.ts";

/** The category that fields of this name hold, as far as the name tells; case, `_`, `-` and spaces do not matter. */
export function categoryOfField(name: string): SensitiveCategoryId | undefined {
  table ??= fieldTable();
  return table.get(foldFieldName(name));
}

/** A constant, built when it is first needed. */
let table: ReadonlyMap<string, SensitiveCategoryId> | undefined;

function fieldTable(): ReadonlyMap<string, SensitiveCategoryId> {
  const rows = Object.entries(SENSITIVE_FIELD_NAMES) as readonly [
    SensitiveCategoryId,
    readonly string[],
  ][];
  return new Map(
    rows.flatMap(([id, names]) => names.map((name) => [foldFieldName(name), id] as const)),
  );
}

function foldFieldName(name: string): string {
  return name.replaceAll(/[\s_-]/g, "").toLowerCase();
}
