import { fileURLToPath } from "node:url";
import { entryPages, type Page } from "./entry-pages.ts";
import { commandsPage, errorCodesPage, httpPage } from "./wire-pages.ts";

export const REFERENCE: URL = new URL("../../docs/reference/", import.meta.url);

/** Every page of docs/reference as the sources have it now. */
export function referencePages(): readonly Page[] {
  const entries = entryPages(fileURLToPath(new URL("../../", import.meta.url)));
  const pages = [...entries, httpPage(), commandsPage(), errorCodesPage()];
  const links = pages.map(({ file, text }) => `- [${/^# (.*)/.exec(text)![1]}](${file})`);
  const index = `# Reference\n\nGenerated from the sources by \`pnpm run docs:reference\`: what each entry of each package exports.\n\n${links.join("\n")}\n`;
  return [{ file: "README.md", text: index }, ...pages];
}
