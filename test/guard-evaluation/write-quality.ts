import { writeFileSync } from "node:fs";
import { scanText, scanValue } from "@miniprivacy/core/sensitive-data";
import { cases } from "./cases.ts";
import { evaluate } from "./evaluate.ts";
import { qualityPage } from "./quality-page.ts";

writeFileSync(
  new URL("../../docs/guard-quality.md", import.meta.url),
  qualityPage(evaluate({ scanText, scanValue }, cases)),
);
