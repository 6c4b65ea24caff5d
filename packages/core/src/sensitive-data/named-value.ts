import { isAlnum } from "./ascii.ts";
import { LONGEST_NAME } from "./field-name.ts";

/** A name in a text, before a colon or an equals sign. */
export interface Name {
  readonly start: number;
  readonly end: number;
  /** Whether it stands in quotes, as in JSON. */
  readonly quoted: boolean;
  /** Whether a colon, an equals sign, 是, 为 or `is` parts it from its value, not only a space. */
  readonly signed: boolean;
  readonly valueStart: number;
}

/** What stands after a name: its text, or a structure that holds something. */
export interface Value {
  readonly content: string | object;
  readonly start: number;
  readonly end: number;
}

/** At most so many spaces stand between a name and its colon, or a colon and its value. */
const WIDEST_GAP = 64;
const LONGEST_VALUE = 256;

/** Finds the name that a place belongs to, if something that may be its value follows; asked of places in order. */
export function nameReader(text: string): (at: number) => Name | undefined {
  /** Up to there, from where a name was last looked for, a name may go. */
  let reached = 0;
  return (at) => {
    reached = Math.max(at, reached);
    while (reached - at < LONGEST_NAME && isOfName(text.charCodeAt(reached))) reached++;
    const end = reached;
    const quoted = text.charCodeAt(end) === 0x22;
    let i = end;
    while (isClosing(text.charCodeAt(i))) i++;
    i = skipSpaces(text, i);
    const sign = text.charCodeAt(i);
    const signed = sign === 0x3a || sign === 0x3d || sign === 0xff1a;
    if (!signed) return unsignedName(text, at, end);
    return { start: nameStart(text, at), end, quoted, signed, valueStart: skipSpaces(text, i + 1) };
  };
}

/** A name that 是, 为, `is` or a space parts from its value. */
function unsignedName(text: string, at: number, most: number): Name | undefined {
  const said =
    /^([A-Za-z]+(?:[_-][A-Za-z]+)*(?: id)?|[\u4e00-\u9fff]{2,4}?[A-Z]*)\s*(是|为|\bis\b)?\s*(?=[!-~]{6})/i.exec(
      text.slice(at, Math.min(most, at + 32) + 8),
    );
  if (said === null || (said[2] === undefined && !/\s$/.test(said[0]))) return undefined;
  const end = at + said[1]!.length;
  return {
    start: nameStart(text, at),
    end,
    quoted: false,
    signed: false,
    valueStart: at + said[0].length,
  };
}

function nameStart(text: string, at: number): number {
  let start = at;
  while (at - start < LONGEST_NAME && isOfWord(text.charCodeAt(start - 1))) start--;
  return start;
}

function skipSpaces(text: string, from: number): number {
  let i = from;
  while (text.charCodeAt(i) <= 0x20 && i - from < WIDEST_GAP) i++;
  return i;
}

/** Letters, digits, `_`, `-`, `.`, Chinese characters. */
function isOfWord(code: number): boolean {
  const isMark = code === 0x5f || code === 0x2d || code === 0x2e;
  return isAlnum(code) || isMark || (code > 0x4dff && code < 0xa000);
}

function isOfName(code: number): boolean {
  return code === 0x20 || isOfWord(code);
}

/** Quotes and brackets that end a name. */
function isClosing(code: number): boolean {
  return (
    code === 0x22 ||
    code === 0x27 ||
    code === 0x5d ||
    code === 0x29 ||
    code === 0xff09 ||
    code === 0x3011
  );
}

/** The value that begins there, if it holds something; outside quotes to the next comma, or the next space. */
export function valueAt(text: string, start: number, isOneWord: boolean): Value | undefined {
  const mark = text.charAt(start);
  if (mark === "{" || mark === "[") {
    const next = text.charAt(skipSpaces(text, start + 1));
    return next === "}" || next === "]" || next === ""
      ? undefined
      : { content: {}, start, end: start + 1 };
  }
  const quote = mark === '"' || mark === "'" ? mark : "";
  const from = start + quote.length;
  const line = text.slice(from, from + LONGEST_VALUE);
  const content = line
    .slice(0, line.search(END_OF_VALUE[quote || (isOneWord ? " " : ",")]!))
    .replace(/\s+$/, "");
  return content === "" || content === "null"
    ? undefined
    : { content, start: from, end: from + content.length };
}

const END_OF_VALUE: { readonly [Kind in string]?: RegExp } = {
  '"': /"|$/,
  "'": /'|$/,
  " ": /[\s,，;；。|}\]<>"'）\u4e00-\u9fff]|&\w*=|$/,
  ",": /[\n,，;；。|}\]<>"']|&\w*=|$/,
};
