import { resolve } from "node:path";
import type { AppConfig, AppFiles, ComponentConfig } from "./app-files.ts";
import { type AppFolder, openAppFolder } from "./app-folder.ts";
import { readComponents } from "./component-graph.ts";
import { compileStyle } from "./styles.ts";
import { compileTemplates } from "./templates.ts";

/**
 * Reads a native mini-program with its `miniprogram_npm` and compiles what has to be compiled.
 *
 * @param directory Holds `app.json`.
 * @throws Error with file and position for what does not parse, with file and name for what is missing.
 */
export function buildApp(directory: string): AppFiles {
  const folder = openAppFolder(resolve(directory));
  const config = folder.json("app.json") as AppConfig | undefined;
  if (config === undefined) throw new Error(`${folder.directory}/app.json: missing`);
  const components = readComponents(folder, config);
  return {
    directory: folder.directory,
    config,
    components,
    templates: compileTemplates(folder),
    styles: compileStyles(folder, components),
    scripts: Object.fromEntries(folder.filesEnding(".js").map((file) => [file, folder.text(file)])),
  };
}

function compileStyles(
  folder: AppFolder,
  components: Readonly<Record<string, ComponentConfig>>,
): Readonly<Record<string, string>> {
  const compile = (path: string, scope: string) =>
    folder.has(`${path}.wxss`) ? compileStyle(folder, `${path}.wxss`, scope) : "";
  const owned = Object.entries(components).map(([path, config]) => [
    path,
    compile(path, sharesPageScope(config) ? "" : path),
  ]);
  return Object.fromEntries([["app", compile("app", "")], ...owned]);
}

function sharesPageScope({ component, styleIsolation }: ComponentConfig): boolean {
  if (styleIsolation === undefined) return component !== true;
  return styleIsolation === "shared" || styleIsolation === "page-shared";
}
