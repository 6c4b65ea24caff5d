import { FEWEST_DIGITS } from "./digit-cluster.ts";
import { categoryOfField, LONGEST_NAME } from "./field-name.ts";
import { isIgnored, type ScanRules, textFindings } from "./scan-text.ts";
import type { DataCategoryId } from "./sensitive-category.ts";

/** What the name of a member tells. */
export interface MemberName {
  /** The category of what stands under it, if the rules list it. */
  readonly category: DataCategoryId | undefined;
  /** Whether the name itself holds no data. */
  readonly isClean: boolean;
}

/** Names that rules remember at most: records repeat theirs. */
const MOST_NAMES = 1000;

/** What the name of a member tells by the rules. Names that hold nothing are remembered with the rules. */
export function memberName(name: string, rules: ScanRules): MemberName {
  const known = rules.names.get(name);
  if (known !== undefined) return known;
  const listed = categoryOfField(name)?.category;
  const told: MemberName = {
    category: listed === undefined || isIgnored(listed, rules) ? undefined : listed,
    isClean: name.length < FEWEST_DIGITS || textFindings(name, "", rules).length === 0,
  };
  if (told.isClean && name.length <= LONGEST_NAME) {
    if (rules.names.size === MOST_NAMES) rules.names.clear();
    rules.names.set(name, told);
  }
  return told;
}
