import { writeFile } from "node:fs/promises";
import { buildVerifyPage } from "./build-verify-page.ts";

// Writes the verify page as one HTML file: `npm run verify-page -- FILE`.
const [file, ...others] = process.argv.slice(2);
if (file === undefined || others.length > 0) {
  process.stderr.write("usage: npm run verify-page -- FILE\n");
  process.exitCode = 2;
} else {
  await writeFile(file, (await buildVerifyPage()).content);
}
