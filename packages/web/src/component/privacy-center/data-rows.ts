import type { OwnData } from "../../subject-request/data-client.ts";

/** How a page wants its records shown; what is not named is shown as it is called, and cannot be corrected. */
export interface ShownRecords {
  readonly [record: string]: {
    readonly label?: string;
    /** The field that names a row (`id`). */
    readonly id?: string;
    readonly fields?: {
      readonly [field: string]: { readonly label?: string; readonly editable?: boolean };
    };
  };
}

export interface DataRow {
  readonly key: string;
  readonly record: string;
  readonly id: string;
  readonly label: string;
  readonly fields: readonly DataField[];
}

export interface DataField {
  readonly key: string;
  readonly field: string;
  readonly label: string;
  readonly value: string;
  readonly editable: boolean;
}

/** A person's own rows, field by field. */
export function dataRows(data: OwnData, shown: ShownRecords): readonly DataRow[] {
  return Object.entries(data).flatMap(([record, rows]) => {
    const { label = record, id = "id", fields = {} } = shown[record] ?? {};
    return rows.map((row, i) => ({
      key: `${record}:${i}`,
      record,
      id: asText(row[id]),
      label,
      fields: Object.entries(row)
        .filter(([field]) => Object.keys(fields).length === 0 || field in fields)
        .map(([field, value]) => ({
          key: `${record}:${i}:${field}`,
          field,
          label: fields[field]?.label ?? field,
          value: asText(value),
          editable: fields[field]?.editable === true,
        })),
    }));
  });
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
