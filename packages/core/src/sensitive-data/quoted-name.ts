/** A longer name belongs to no field; it is data. */
export const LONGEST_NAME = 64;

/**
 * The wanted ones of the quoted names before a colon in a text, where a value follows that holds something.
 *
 * Nothing is parsed: a name counts wherever it stands, also twice in one object, in a text that only holds JSON, and
 * after a fault in it.
 */
export function quotedNames(text: string, isWanted: (name: string) => boolean): readonly string[] {
  const names: string[] = [];
  for (let colon = text.indexOf(":"); colon >= 0; colon = text.indexOf(":", colon + 1)) {
    const end = skipSpaces(text, colon - 1, -1);
    if (text.charCodeAt(end) !== QUOTE) continue;
    let start = end - 1;
    while (start >= 0 && text.charCodeAt(start) !== QUOTE && end - start <= LONGEST_NAME) start--;
    const name = text.slice(start + 1, end);
    if (isWanted(name) && holdsSomething(text, skipSpaces(text, colon + 1, 1))) names.push(name);
  }
  return names;
}
const QUOTE = 0x22;

function holdsSomething(text: string, valueAt: number): boolean {
  const value = text.slice(valueAt, valueAt + WIDEST_GAP);
  return value !== "" && !/^(?:null|false|""|\[\s*\]|\{\s*\})/.test(value);
}

/** At most so many spaces stand between a name and its colon, or a colon and its value. */
const WIDEST_GAP = 64;

function skipSpaces(text: string, from: number, step: 1 | -1): number {
  let i = from;
  while (text.charCodeAt(i) <= 0x20 && Math.abs(i - from) < WIDEST_GAP) i += step;
  return i;
}

/** A text with every escape undone, also those of JSON inside JSON. */
export function withoutEscapes(text: string): string {
  return text.replace(/\\+(?:u([\da-fA-F]{4})|(["\\/])|.)/g, (_all, code?: string, char = " ") =>
    code === undefined ? char : String.fromCharCode(parseInt(code, 16)),
  );
}
