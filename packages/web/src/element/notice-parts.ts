import { noticeLines } from "../consent/notice-lines.ts";
import { type ElementHost, makeElement } from "./element-host.ts";

/** A served notice as elements. */
export function noticeParts(host: ElementHost, text: string): readonly Node[] {
  return noticeLines(text).map(({ kind, term, text }) =>
    kind === "line"
      ? makeElement(host, "p", {}, makeElement(host, "b", {}, term), text)
      : makeElement(host, "h3", kind === "title" ? { class: "title" } : {}, text),
  );
}
