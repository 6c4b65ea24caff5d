import { categoryOfField } from "./field-name.ts";

/** What an error holds is named by the language. */
const ERROR_MEMBERS: readonly string[] = ["message", "stack", "cause", "errors"];

/**
 * The key of a member as a path shows it. Keys are data too (`{ "zhangsan": … }`), and no look tells one that is: only a
 * field name we know is shown, every other reads `*`.
 */
export function shownKey(key: string): string {
  return ERROR_MEMBERS.includes(key) || categoryOfField(key)?.known === true ? key : "*";
}
