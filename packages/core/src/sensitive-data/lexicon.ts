import { BELIEVERS, BELIEVERS_EN, RELIGIONS } from "./belief-words.ts";
import { characterClasses, WIDE } from "./character-class.ts";
import { fieldNames, wordsOf } from "./field-name.ts";
import { CONDITIONS, CONDITIONS_EN, DISORDERS, ORGANS } from "./health-words.ts";
import { type WordSet, wordSet } from "./next-stop.ts";

/** What a word in a text leads to. */
export type WordKind =
  | "health"
  | "belief"
  | "religion"
  | "age"
  | "birth"
  | "plate"
  | "secret"
  | "field";

export interface Lexicon {
  readonly classes: Uint8Array;
  /** The classes of bytes in UTF-8. */
  readonly ascii: Uint8Array;
  /** Words of Latin letters that something we know begins with, and those that are all of it. */
  readonly starts: WordSet;
  readonly wholes: WordSet;
  readonly words: ReadonlyMap<string, WordKind>;
  /** For two Chinese characters, by a key of both: whether a word we know begins with them. */
  readonly pairs: Uint8Array;
  /** Chinese words by their first character, longest first. */
  readonly han: ReadonlyMap<number, readonly string[]>;
}

/** One begins the number plate of a car, before a letter. */
const PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

let lexicon: Lexicon | undefined;

/** Every word that a scan stops at. A constant, built when it is first needed. */
export function scanLexicon(): Lexicon {
  if (lexicon !== undefined) return lexicon;
  const words = new Map<string, WordKind>();
  const list = (kind: WordKind, ...names: readonly string[]): void => {
    for (const name of names) words.set(name.toLowerCase(), kind);
  };
  list("field", ...fieldNames().written.filter((name) => name !== ""));
  list("health", ...`${CONDITIONS} ${CONDITIONS_EN}`.split(" "), ...organDisorders());
  list("belief", ...`${BELIEVERS} ${BELIEVERS_EN}`.split(" "));
  list("religion", ...RELIGIONS.split(" "));
  list("age", "个月大", "years", "year", "yr", "yrs", "months", "aged", "age");
  list("birth", "生日", "出生", "出生日期", "出生年月", "生于", "日生", "born", "birth", "dob");
  list("secret", "bearer", "begin", "basic");
  list("plate", ...PROVINCES.split(""));

  const han = new Map<number, string[]>();
  const pairs = new Uint8Array(1 << 14);
  for (const word of words.keys()) {
    const code = word.charCodeAt(0);
    if (code < 0x100) continue;
    han.set(code, [...(han.get(code) ?? []), word]);
    for (const second of word.length > 1 ? word.charAt(1) : LETTERS)
      pairs[pairKey(word.charAt(0) + second, 0)] = 1;
  }
  for (const listed of han.values()) listed.sort((a, b) => b.length - a.length);
  const latin = [...fieldNames().written, ...words.keys()].filter((name) => /^[a-z]/i.test(name));
  const wholes = latin.map((name) => wordsOf(name).join(""));
  const starts = [...wholes, ...latin.map((name) => wordsOf(name)[0]!)];
  const classes = characterClasses(Array.from(han.keys(), (code) => String.fromCharCode(code)));
  const ascii = classes.slice(0, 0x100).fill(WIDE, 0x80);
  return (lexicon = {
    classes,
    ascii,
    starts: wordSet(starts),
    wholes: wordSet(wholes),
    pairs,
    words,
    han,
  });
}

function organDisorders(): readonly string[] {
  const [single, ...organs] = ORGANS.split(" ");
  return [...single!.split(""), ...organs].flatMap((organ) =>
    DISORDERS.split(" ").map((disorder) => organ + disorder),
  );
}

/** The key of the two characters at an offset in the table of pairs. */
export function pairKey(text: string, at: number): number {
  return (text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) & 0x3fff;
}
