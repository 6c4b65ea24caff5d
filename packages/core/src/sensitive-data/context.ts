import { isAlnum } from "./ascii.ts";

/** Whether one of the words that a pattern names stands shortly before a place. */
export function isAfter(text: string, at: number, words: RegExp): boolean {
  return words.test(text.slice(Math.max(0, at - 32), at));
}

/** The character before a place is an ASCII letter or digit. */
export function isWordBefore(text: string, at: number): boolean {
  return isAlnum(text.charCodeAt(at - 1));
}
