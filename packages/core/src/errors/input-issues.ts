import type { InputIssue } from "./privacy-error.ts";

interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
}

/**
 * Turns a schema's complaints into ours: code and path, array indices and record keys as `*`, never a value.
 *
 * @param recordsAt Paths (with `*`) of records whose keys come from the input and must not be repeated.
 */
export function inputIssues(
  issues: readonly SchemaIssue[],
  recordsAt: readonly string[] = [],
): readonly InputIssue[] {
  return issues.slice(0, 20).map(({ code, path }) => ({
    code: code ?? "invalid",
    schemaPath: schemaPath(path, recordsAt),
  }));
}

function schemaPath(path: readonly PropertyKey[], recordsAt: readonly string[]): string {
  return path.reduce<string>((prefix, part) => {
    const name = typeof part === "number" || recordsAt.includes(prefix) ? "*" : String(part);
    return prefix === "" ? name : `${prefix}.${name}`;
  }, "");
}
