/** One line of a served notice, and how it is set. */
export interface NoticeLine {
  readonly kind: "title" | "heading" | "line";
  /** What a line is about, up to its colon; `""` where it has none. */
  readonly term: string;
  readonly text: string;
}

/** A short beginning of a line that a colon ends. */
const TERM = /^[^：:，。；,;.]{1,40}(?:：|: )/;

/** Sets a served notice as title, sections and terms, word for word. */
export function noticeLines(text: string): readonly NoticeLine[] {
  return text
    .trim()
    .split(/\n{2,}/)
    .flatMap((section, i) => {
      const [heading = "", ...lines] = section.split("\n");
      const set = lines.map(noticeLine);
      if (lines.length === 0 && i > 0) return [noticeLine(heading)];
      return [{ kind: lines.length === 0 ? "title" : "heading", term: "", text: heading }, ...set];
    });
}

function noticeLine(line: string): NoticeLine {
  const [term = ""] = TERM.exec(line) ?? [];
  return { kind: "line", term, text: line.slice(term.length) };
}
