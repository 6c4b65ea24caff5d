/** Whether something is a text that says anything. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && Boolean(value);
}
