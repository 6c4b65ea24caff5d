import { TmplGroup } from "glass-easel-template-compiler";
import type { AppFolder } from "./app-folder.ts";

interface Finding {
  readonly isError: boolean;
  readonly level: string;
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
}

/**
 * All WXML and WXS of an app as one JavaScript expression.
 *
 * @throws Error with file, line and column of everything the template compiler finds.
 */
export function compileTemplates(folder: AppFolder): string {
  const group = new TmplGroup();
  try {
    const faults = folder.filesEnding(".wxml").flatMap((file) => {
      const findings = group.addTmpl(file.slice(0, -".wxml".length), folder.text(file));
      return (findings as Finding[])
        .filter(isFault)
        .map((finding) => describe(folder, file, finding));
    });
    if (faults.length > 0) throw new Error(faults.join("\n"));
    for (const file of folder.filesEnding(".wxs")) addScript(group, file, folder.text(file));
    return group.getTmplGenObjectGroups();
  } finally {
    group.free();
  }
}

/** Templates ask for a script with its ending or without. */
function addScript(group: TmplGroup, file: string, source: string): void {
  group.addScript(file, source);
  group.addScript(file.slice(0, -".wxs".length), source);
}

function isFault({ isError, level }: Finding): boolean {
  return isError || level === "Warn";
}

function describe(folder: AppFolder, file: string, finding: Finding): string {
  const place = `${finding.startLine + 1}:${finding.startColumn + 1}`;
  return `${folder.directory}/${file}:${place}: ${finding.message}`;
}
