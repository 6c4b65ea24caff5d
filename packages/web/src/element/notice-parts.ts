import { type ElementHost, makeElement } from "./element-host.ts";

/** A short beginning of a line that a colon ends: what the line is about. */
const TERM = /^[^：:，。；,;.]{1,40}(?:：|: )/;

/** Sets a served notice as title, sections and terms, word for word. */
export function noticeParts(host: ElementHost, text: string): readonly Node[] {
  return text
    .trim()
    .split(/\n{2,}/)
    .flatMap((section, i) => {
      const [heading = "", ...lines] = section.split("\n");
      const isTitle = i === 0 && lines.length === 0;
      return [
        isTitle || lines.length > 0
          ? makeElement(host, "h3", isTitle ? { class: "title" } : {}, heading)
          : noticeLine(host, heading),
        ...lines.map((line) => noticeLine(host, line)),
      ];
    });
}

function noticeLine(host: ElementHost, line: string): Node {
  const [term = ""] = TERM.exec(line) ?? [];
  return makeElement(host, "p", {}, makeElement(host, "b", {}, term), line.slice(term.length));
}
