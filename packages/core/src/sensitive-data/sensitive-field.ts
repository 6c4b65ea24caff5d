import { LONGEST_NAME } from "./quoted-name.ts";
import { SENSITIVE_FIELD_NAMES, type SensitiveCategoryId } from "./sensitive-category.ts";

/** What the name of a field tells. */
export interface NamedField {
  readonly category: SensitiveCategoryId;
  /** Whether the name is nothing but a name we know, and tells of nobody. */
  readonly known: boolean;
}

/** Words of the longest name in the table. */
const MOST_WORDS = 3;

/** Names so common that only the bare name counts: `pageTrack` or `订单流水号` hold nothing sensitive. */
const BARE_ONLY: ReadonlySet<string> = new Set(
  (
    "face palm gene faith church race party hospital mental psych height weight pan pin balance deposit " +
    "transaction credit loan property wallet track gps latitude longitude lat lng hotel age guardian token sms " +
    "chat message contacts friends neural accountno cardno cardnumber " +
    "账号 流水 民族 工会 用药 检验 心理 诊断 通信 住宿 基因 过敏 生育 宗教 人脸 轨迹 余额"
  ).split(" "),
);

/** Words that may follow a name without changing what it names. */
const NEUTRAL: ReadonlySet<string> = new Set(
  "no num number id code value info data list text str image photo front back url".split(" "),
);
const NEUTRAL_ZH = /(号码|号|编号|信息|情况|记录|照片|图片|正面|反面)$/;

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
  const exact = fieldTable().get(whole);
  if (exact !== undefined) return { category: exact, known: true };
  return latinField(words) ?? chineseField(whole);
}

function latinField(words: readonly string[]): NamedField | undefined {
  let end = words.length;
  while (end > 0) {
    for (let from = end - 1; from >= Math.max(0, end - MOST_WORDS); from--) {
      const category = compound(words.slice(from, end).join(""));
      if (category !== undefined) return { category, known: from === 0 };
    }
    if (!NEUTRAL.has(words[end - 1]!)) return undefined;
    end--;
  }
  return undefined;
}

/** Chinese has no word ends: the name may be preceded by anything and followed by what is neutral. */
function chineseField(whole: string): NamedField | undefined {
  const bare = whole.replace(NEUTRAL_ZH, "");
  if (!/[\u4e00-\u9fff]$/.test(bare)) return undefined;
  for (let from = Math.max(0, bare.length - LONGEST_ZH); from < bare.length; from++) {
    const category = compound(bare.slice(from));
    if (category !== undefined) return { category, known: from === 0 };
  }
  return undefined;
}
const LONGEST_ZH = 6;

function compound(name: string): SensitiveCategoryId | undefined {
  return BARE_ONLY.has(name) ? undefined : fieldTable().get(name);
}

/** A constant, built when it is first needed. */
let table: ReadonlyMap<string, SensitiveCategoryId> | undefined;

function fieldTable(): ReadonlyMap<string, SensitiveCategoryId> {
  table ??= new Map(
    (
      Object.entries(SENSITIVE_FIELD_NAMES) as readonly [SensitiveCategoryId, readonly string[]][]
    ).flatMap(([id, names]) => names.map((name) => [wordsOf(name).join(""), id] as const)),
  );
  return table;
}

/** Words in lower case: parted by what is no letter or digit, and where a capital follows a small letter. */
function wordsOf(name: string): readonly string[] {
  const ascii = /^[ -~]*$/.test(name);
  const plain = ascii ? name : name.normalize("NFKC").replace(/[\p{Cc}\p{Cf}\p{Mn}]/gu, "");
  return plain
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[\s!-/:-@[-`{-~]+/)
    .filter((word) => word !== "");
}
