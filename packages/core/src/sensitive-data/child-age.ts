const EN_NUMBERS = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
];
/** What is said of a product, a rule or a range, not of a child. */
const RANGE_BEFORE =
  /(?:适[合用]|建议|推荐|[未年须需]满|超过|不足|低于|至少|以上|以下|[-~～—至到]|\bages?|for|under|over|least|than|within|\bto)\s?$/i;
const RANGE_AFTER =
  /^\s?(?:以上|以下|以内|及以|[-~～—至到+]|起|左右的?(?:儿童|孩子)|(?:儿童|婴|宝宝|幼儿|小孩)?(?:适用|可用|专[用区]|款|装)|and (?:up|above|over|older)|or (?:older|above)|plus|warranty|of (?:experience|warranty)|(?:whisky|wine|rum|malt|cheese))/i;
/** Anything else than a person may be some years old. */
const THING_BEFORE =
  /(?:公司|店|品牌|树龄?|猫|狗|犬|建校|成立)[^。，,]{0,6}$|\b(?:cat|dog|pet|puppy|kitten|laptop|phone|car|bike|house|company|wine|whisky|building|app|account)\b[^.]{0,12}$/;

/** Where the number of an age below fourteen begins that ends there; -1 when there is none. */
export function childAgeStart(text: string, end: number): number {
  const before = text.slice(Math.max(0, end - 24), end);
  const match = /(\d{1,3}(?:\.\d)?|[零一二三四五六七八九十两]{1,3}|\b[a-z]{3,8})[\s-]?周?$/i.exec(
    before,
  );
  if (match === null || !isBelowFourteen(match[1]!)) return -1;
  const start = end - match[0].length;
  const said = text.slice(Math.max(0, start - 12), start);
  return RANGE_BEFORE.test(said) || THING_BEFORE.test(said) ? -1 : start;
}

/** Whether what follows an age makes it one of a range or a product. */
export function isAgeRange(text: string, end: number): boolean {
  return RANGE_AFTER.test(text.slice(end, end + 16));
}

function isBelowFourteen(number: string): boolean {
  if (/^\d/.test(number)) return Number(number) < 14;
  const english = EN_NUMBERS.indexOf(number.toLowerCase());
  if (english >= 0) return true;
  if (/^[a-z]/i.test(number)) return false;
  const value = number.replace("两", "二");
  return value.length === 1 || /^十[一二三]$/.test(value);
}

/** A date beside a word such as 生日 or `born`. */
export interface BirthDate {
  readonly year: number;
  readonly start: number;
  readonly end: number;
}

const DATE =
  /(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}(?:\s?[-/.月]\s?\d{1,2}日?|月)?|(?:19|20)\d\d年|(?:\d{1,2}[-/.]){2}(?:19|20)\d\d|(?:\d{1,2} )?[A-Z][a-z]{2,8}\.? (?:\d{1,2},? )?(?:19|20)\d\d|\b(?:19|20)\d{6}\b/;
/** How far a date may stand from the word. */
const NEAR = 16;

/** The birth date that a word names, after it or directly before. */
export function birthDateAround(text: string, start: number, end: number): BirthDate | undefined {
  const after = DATE.exec(text.slice(end, end + NEAR + 18));
  if (after !== null && after.index <= NEAR) return birthDate(after, end);
  const from = Math.max(0, start - 18);
  const before = DATE.exec(text.slice(from, start));
  const gap = before === null ? NEAR : start - from - before.index - before[0].length;
  return gap < 2 ? birthDate(before!, from) : undefined;
}

function birthDate(match: RegExpExecArray, offset: number): BirthDate {
  const start = offset + match.index;
  return {
    year: Number(/(?:19|20)\d\d/.exec(match[0])![0]),
    start,
    end: start + match[0].length,
  };
}
