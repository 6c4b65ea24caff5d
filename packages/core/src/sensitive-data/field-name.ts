import { DATA_CATEGORIES, type DataCategoryId } from "./sensitive-category.ts";

/** What the name of a field tells. */
export interface NamedField {
  readonly category: DataCategoryId;
  /** Whether the name is nothing but a name we know, and tells of nobody. */
  readonly known: boolean;
}

/** A longer name belongs to no field; it is data. */
export const LONGEST_NAME = 64;

/** Words of the longest name in the table. */
const MOST_WORDS = 4;
/** Characters of the longest Chinese one. */
const MOST_HAN = 8;

/** Words that may follow a name without changing what it names. */
const NEUTRAL: ReadonlySet<string> = new Set(
  "no num number id code value info data list text str image img photo pic front back url detail details result results record records history template templates feature features sample samples scan sequence cm kg hao".split(
    " ",
  ),
);
const NEUTRAL_HAN =
  /(?:号码|卡号|号|编号|信息|情况|状况|状态|记录|报告|特征|类别|等级|金额|照片|图片|正面|反面|结果|史)$/;

/**
 * The category that fields of this name hold, as far as the name tells.
 *
 * Case, width, `_`, `-`, brackets and invisible characters do not matter; words before a name (`userPassport`) and
 * neutral ones after it (`passportNo`) do not hide it.
 */
export function categoryOfField(name: string): NamedField | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const words = wordsOf(name);
  const whole = words.join("");
  const { names } = fieldNames();
  const exact = names.get(whole);
  if (exact !== undefined) return { category: exact, known: true };
  return latinField(words) ?? hanField(whole);
}

function latinField(words: readonly string[]): NamedField | undefined {
  for (let end = words.length; end > 0; end--) {
    for (let from = Math.max(0, end - MOST_WORDS); from < end; from++) {
      const category = compound(words.slice(from, end).join(""));
      if (category !== undefined) return { category, known: from === 0 };
    }
    if (!NEUTRAL.has(words[end - 1]!)) return undefined;
  }
  return undefined;
}

/** Chinese has no word ends: the name may be preceded by anything and followed by what is neutral. */
function hanField(whole: string): NamedField | undefined {
  if (!/[\u4e00-\u9fff]$/.test(whole)) return undefined;
  for (let from = Math.max(0, whole.length - MOST_HAN); from < whole.length; from++) {
    const name = whole.slice(from);
    const category = compound(name) ?? compound(name.replace(NEUTRAL_HAN, ""));
    if (category !== undefined) return { category, known: from === 0 };
  }
  return undefined;
}

function compound(name: string): DataCategoryId | undefined {
  const { names, bareOnly } = fieldNames();
  return bareOnly.has(name) ? undefined : names.get(name);
}

interface FieldNames {
  readonly names: ReadonlyMap<string, DataCategoryId>;
  readonly bareOnly: ReadonlySet<string>;
  /** The first words of all names, as they are written. */
  readonly written: readonly string[];
}

/** A constant, built when it is first needed. */
let table: FieldNames | undefined;

/** All names we know. */
export function fieldNames(): FieldNames {
  if (table !== undefined) return table;
  const names = new Map<string, DataCategoryId>();
  const bareOnly = new Set<string>();
  const written: string[] = [];
  for (const [category, [, list]] of Object.entries(DATA_CATEGORIES))
    for (const entry of list.split(" ")) {
      const name = entry.replace("=", "");
      const whole = wordsOf(name).join("");
      if (name !== entry) bareOnly.add(whole);
      names.set(whole, category as DataCategoryId);
      written.push(name);
    }
  return (table = { names, bareOnly, written });
}

/** Words in lower case: parted by what is no letter or digit, and where a capital follows a small letter. */
export function wordsOf(name: string): readonly string[] {
  const ascii = /^[ -~]*$/.test(name);
  const plain = ascii ? name : name.normalize("NFKC").replace(/[\p{Cc}\p{Cf}\p{Mn}]/gu, "");
  return plain
    .replace(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2")
    .toLowerCase()
    .split(/[\s!-/:-@[-`{-~]+/)
    .filter((word) => word !== "");
}
