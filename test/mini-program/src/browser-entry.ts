import { createWx } from "wx-module";
import type { AppCode } from "./app-code.ts";
import type { AppFiles } from "./app-files.ts";
import { type RunningApp, runApp } from "./run-app.ts";

declare global {
  /** Left by the app's own script, which comes first. */
  var miniProgramCode: AppCode;
  var miniProgramFiles: AppFiles;
  var miniProgramUrl: string | undefined;
  /** For tests that look inside the page. */
  var miniProgram: RunningApp & { readonly wx: object };
}

async function main(): Promise<void> {
  const hooks = {};
  const wx = await createWx(hooks);
  const running = runApp({
    app: miniProgramFiles,
    code: miniProgramCode,
    wx,
    hooks,
    ...(miniProgramUrl !== undefined && { url: miniProgramUrl }),
  });
  globalThis.miniProgram = { ...running, wx };
}

void main();
