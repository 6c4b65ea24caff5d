import { isLetter } from "./ascii.ts";
import { birthDateAround, childAgeStart, isAgeRange } from "./child-age.ts";
import { categoryOfField, type NamedField } from "./field-name.ts";
import { isPlausible } from "./field-value.ts";
import type { Candidate, FindingType } from "./finding.ts";
import { pairKey, scanLexicon, type WordKind } from "./lexicon.ts";
import { type Name, nameReader, type Value, valueAt } from "./named-value.ts";
import type { Tell } from "./number-candidates.ts";
import { clauseBefore, personalContext } from "./personal-context.ts";
import { privateKeyEnd } from "./secret.ts";
import { type DataCategoryId, groupOf } from "./sensitive-category.ts";

/** The words of one text as they are come upon. */
export interface WordReader {
  /** Latin letters that a word we know begins with. */
  latin(at: number): void;
  /** A Chinese character of that kind. */
  han(at: number): void;
  age(at: number): void;
}

const PLATE =
  /[A-Z][·.\s-]?(?:[A-HJ-NP-Z\d]{4}[A-HJ-NP-Z\d挂学警港澳]|[A-HJK][A-HJ-NP-Z\d]\d{4}|\d{5}[A-HJK])(?![A-Za-z\d])/y;
const BEARER = /\s+([\w.~+/=-]{12,})/y;
const CONVERTED =
  /(?:信仰?|信奉|皈依|加入|改信|受洗|宗教|(?:converted to|practi[sc]es|believes? in|follows|religion|faith)[:\s]*(?:is)?)[:：是为\s]*$/i;
const IS_BELIEVER =
  /(?:[\u4e00-\u9fff]|\b(?:am|is|was|i'm|he's|she's|became|being|practi[sc]ing|devout|raised|converted|religion:?|faith:?|are|turned|as)(?:\s+(?:as|an?|to|very|now|both|not|devout|practi[sc]ing))*)\s*$/i;

/** Reads the words of a text and tells of what they name. */
export function wordReader(
  text: string,
  childrenSince: number,
  found: Candidate[],
  tell: Tell,
): WordReader {
  const { words, pairs, han } = scanLexicon();
  const names = new Map<string, NamedField | undefined>();
  const nameAt = nameReader(text);
  const context = personalContext(text);
  let namedUntil = 0;

  /** Tells of the value of a name that stands there, if it is one. */
  function field(at: number): boolean {
    if (at < namedUntil) return true;
    const name = nameAt(at);
    if (name === undefined) return false;
    const written = text.slice(name.start, name.end).trim();
    const known = knownField(written);
    if (known === undefined || (!name.signed && !isSecret(known.category))) return false;
    const value = valueAt(text, name.valueStart, !name.quoted && isOneWord(known.category));
    if (!name.signed && !isRandom(value?.content)) return false;
    namedUntil = name.end;
    if (value === undefined) return true;
    if (
      isPlausible(known.category, written, value.content, childrenSince) &&
      (name.quoted || !isWord(written, value.content, known.category))
    )
      tellField(name, value, known);
    namedUntil = value.start;
    return true;
  }

  function knownField(name: string): NamedField | undefined {
    const known = names.get(name);
    if (known !== undefined || names.has(name)) return known;
    const field = categoryOfField(name);
    names.set(name, field);
    return field;
  }

  function tellField(
    { quoted }: Name,
    { content, start, end }: Value,
    { category }: NamedField,
  ): void {
    const type = quoted ? "field" : typeInText(category, content);
    found.push({
      type,
      category,
      start,
      end,
      confidence: quoted ? 0.65 : 0.55,
      evidence: "field-name",
    });
  }

  function word(kind: WordKind, start: number, end: number): void {
    if (kind === "health") {
      if (context.isSaidOfSomebody(start, end)) tell("health-term", start, end, 0.7);
    } else if (kind === "belief" || kind === "religion") {
      const before = clauseBefore(text, start);
      if (
        (kind === "belief" ? IS_BELIEVER : CONVERTED).test(before) &&
        context.isSaidOfSomebody(start, end)
      )
        tell("belief-term", start, end, 0.7);
    } else if (kind === "age") ageWord(start, end);
    else if (kind === "birth") {
      const date = birthDateAround(text, start, end);
      if (date !== undefined && date.year >= childrenSince)
        tell("child-birth-date", date.start, date.end, 0.85);
    } else if (kind === "secret") secret(start, end);
    else if (kind === "plate") {
      PLATE.lastIndex = end;
      if (PLATE.test(text) && /\d/.test(text.slice(end + 1, PLATE.lastIndex)))
        tell("plate", start, PLATE.lastIndex, 0.9);
    }
  }

  function ageWord(start: number, end: number): void {
    const after = text.slice(end, end + 16);
    const spelled = /^[a-z]/i.test(text.charAt(start));
    const behind = /^a/i.test(text.charAt(start))
      ? /^(?:\s+of)?[:\s]\s?(\d{1,2})(?![\d%]|\.\d|\s?(?:[-~–+]|to |and |or |%))/.exec(after)
      : null;
    if (behind !== null) {
      if (Number(behind[1]) < 14) tell("child-age", start, end + behind[0].length, 0.7);
      return;
    }
    const old = spelled ? /^[\s-]old/i.exec(after) : [""];
    if (old !== null) age(start, end + old[0]!.length);
  }

  /** An age whose unit stands there. */
  function age(unit: number, end: number): void {
    const from = childAgeStart(text, unit);
    if (from >= 0 && !isAgeRange(text, end)) tell("child-age", from, end, 0.8);
  }

  function secret(start: number, end: number): void {
    BEARER.lastIndex = end;
    const match = BEARER.exec(text);
    if (match !== null && /\d/.test(match[1]!))
      tell("credential", BEARER.lastIndex - match[1]!.length, BEARER.lastIndex, 0.9);
    const keyEnd = privateKeyEnd(text, start);
    if (keyEnd > 0) tell("credential", start - 5, keyEnd, 0.99);
  }

  return {
    latin(at) {
      if (field(at)) return;
      let end = at;
      while (isLetter(text.charCodeAt(end))) end++;
      const kind = words.get(text.slice(at, end).toLowerCase());
      if (kind !== undefined && !/[A-Za-z\d_]/.test(text.charAt(at - 1))) word(kind, at, end);
    },
    han(at) {
      if (pairs[pairKey(text, at)] === 0) return;
      const known = han.get(text.charCodeAt(at))?.find((entry) => text.startsWith(entry, at));
      if (known === undefined || (at + known.length > namedUntil && field(at))) return;
      if (at >= namedUntil) word(words.get(known)!, at, at + known.length);
    },
    age: (at) => age(at, at + 1),
  };
}

/** A token in running text that is a mere word: said of one, not the token itself. */
function isWord(name: string, value: unknown, category: DataCategoryId): boolean {
  return (
    category === "credential.account" &&
    !/pass|pwd|密码|口令|mima/i.test(name) &&
    !/\d/.test(String(value))
  );
}

/** Characters that no word of a language is made of. */
function isRandom(content: unknown): boolean {
  return typeof content === "string" && /^(?=.*\d)[!-~]{6,}$/.test(content);
}

/** What may be named by a mere space: `密码 …`, `IDFA …`. */
function isSecret(category: DataCategoryId): boolean {
  return category === "credential.account" || category === "identifier.device";
}

/** What goes no further than the next space. */
function isOneWord(category: DataCategoryId): boolean {
  return /^(?:credential|identifier|id-document|financial)/.test(category);
}

/** What a value in running text is, by what its name says; in records it is a `field`. */
function typeInText(category: DataCategoryId, value: unknown): FindingType {
  if (category === "identifier.device") return "advertising-id";
  if (category === "minor.under14" && /^\d/.test(String(value)))
    return /\d{4}/.test(String(value)) ? "child-birth-date" : "child-age";
  return TYPE_OF_GROUP[groupOf(category)] ?? "field";
}

const TYPE_OF_GROUP: { readonly [Group in string]?: FindingType } = {
  health: "health-term",
  religion: "belief-term",
  credential: "credential",
};
