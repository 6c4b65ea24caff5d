import { writeFileSync } from "node:fs";
import { readMentions } from "./mentions.ts";
import { requirementsPage } from "./requirements.ts";

writeFileSync(
  new URL("../../docs/requirements.md", import.meta.url),
  requirementsPage(readMentions()),
);
