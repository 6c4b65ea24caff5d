import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { REFERENCE, referencePages } from "./reference.ts";

const pages = referencePages();
rmSync(REFERENCE, { recursive: true, force: true });
mkdirSync(REFERENCE, { recursive: true });
for (const { file, text } of pages) writeFileSync(new URL(file, REFERENCE), text);
