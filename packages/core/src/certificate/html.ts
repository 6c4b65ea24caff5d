/** A piece of HTML in which every value is escaped. */
export interface Html {
  readonly html: string;
}

type HtmlValue = string | number | Html | undefined | readonly Html[];

/** Writes HTML: what stands between the marks is escaped unless it is {@link Html} itself; undefined is left out. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { html: strings.reduce((out, piece, index) => out + write(values[index - 1]) + piece) };
}

function write(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "object") return "html" in value ? value.html : value.map(write).join("");
  return String(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
