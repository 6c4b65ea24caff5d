import { type NoticeLine, noticeLines } from "../consent/notice-lines.ts";

/** A line of a notice as a list of WXML wants it. */
export interface KeyedLine extends NoticeLine {
  readonly key: number;
}

export function keyedLines(text: string): readonly KeyedLine[] {
  return noticeLines(text).map((line, key) => ({ ...line, key }));
}
