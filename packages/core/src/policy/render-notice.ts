import type { NoticeDocument, NoticeSection } from "./notice-document.ts";
import { noticeDocument } from "./notice-document.ts";
import { NOTICE_PHRASES } from "./notice-phrases.ts";
import type { Language, Policy } from "./policy.ts";

export interface NoticeOptions {
  readonly language: Language;
  /** Purpose ids (all of the policy's). */
  readonly purposes?: readonly string[];
  readonly format: "text" | "markdown" | "html";
  /** `list` sets terms and texts as a table, the form REG-21 asks for (prose). */
  readonly form?: "prose" | "list";
}

/**
 * Writes the notice a subject reads. The same policy and options give the same bytes, so that its digest can be recorded.
 *
 * @returns HTML is a fragment without script, style or attributes; everything from the policy is escaped.
 * @throws RangeError for a language or purpose the policy does not have.
 * @see PIPL-17, REG-21, WX-4.4.2a
 */
export function renderNotice(policy: Policy, options: NoticeOptions): string {
  const { language, purposes = Object.keys(policy.purposes), format, form = "prose" } = options;
  if (!policy.languages.includes(language))
    throw new RangeError("the policy is not written in this language");
  if (!purposes.every((id) => Object.hasOwn(policy.purposes, id)))
    throw new RangeError("the policy has no such purpose");
  const document = noticeDocument(policy, { language, purposes });
  switch (format) {
    case "text":
      return textNotice(document);
    case "markdown":
      return markdownNotice(document, form);
    case "html":
      return htmlNotice(document, form);
    default:
      return format satisfies never;
  }
}

function textNotice({ title, language, sections }: NoticeDocument): string {
  const { colon, heading: setOff } = NOTICE_PHRASES[language];
  const parts = sections.map(({ heading, entries, paragraphs }) =>
    [
      setOff(heading),
      ...entries.map(([term, text]) => `${term}${colon}${text}`),
      ...paragraphs,
    ].join("\n"),
  );
  return `${[title, ...parts].join("\n\n")}\n`;
}

function markdownNotice(
  { title, language, sections }: NoticeDocument,
  form: "prose" | "list",
): string {
  const { colon } = NOTICE_PHRASES[language];
  const entries = ({ entries: terms }: NoticeSection): readonly string[] =>
    form === "prose"
      ? terms.map(([term, text]) => `- **${markdownText(term)}**${colon}${markdownText(text)}`)
      : terms.length === 0
        ? []
        : [
            "| | |",
            "|---|---|",
            ...terms.map(([term, text]) => `| ${markdownText(term)} | ${markdownText(text)} |`),
          ];
  const parts = sections.map((section) =>
    [
      `## ${markdownText(section.heading)}`,
      "",
      ...entries(section),
      ...section.paragraphs.flatMap((text) => [markdownText(text), ""]),
    ]
      .join("\n")
      .trimEnd(),
  );
  return `${[`# ${markdownText(title)}`, ...parts].join("\n\n")}\n`;
}

function htmlNotice({ title, sections }: NoticeDocument, form: "prose" | "list"): string {
  const terms = ({ entries }: NoticeSection): string => {
    if (entries.length === 0) return "";
    const rows = entries.map(([term, text]) =>
      form === "prose"
        ? `<dt>${htmlText(term)}</dt><dd>${htmlText(text)}</dd>`
        : `<tr><th>${htmlText(term)}</th><td>${htmlText(text)}</td></tr>`,
    );
    return form === "prose"
      ? `<dl>${rows.join("")}</dl>`
      : `<table><tbody>${rows.join("")}</tbody></table>`;
  };
  const parts = sections.map(
    (section) =>
      `<section><h2>${htmlText(section.heading)}</h2>${terms(section)}${section.paragraphs.map((text) => `<p>${htmlText(text)}</p>`).join("")}</section>`,
  );
  return `<article><h1>${htmlText(title)}</h1>${parts.join("")}</article>`;
}

/** Escapes what Markdown, its links by bare address or embedded HTML could read as more than text on one line. */
function markdownText(text: string): string {
  return text.replaceAll(
    /[\\`*_{}[\]()#+\-.:=@!|<>~&]/g,
    (char) => MARKDOWN_ESCAPES[char] ?? `\\${char}`,
  );
}

const MARKDOWN_ESCAPES: { readonly [char: string]: string } = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
};

function htmlText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => HTML_ESCAPES[char]!);
}

const HTML_ESCAPES: { readonly [char: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
