import type { AppFiles } from "./app-files.ts";

export type Require = (path: string) => unknown;

export interface Module {
  exports: unknown;
}

/** A file of the app: given what it may see, a CommonJS module's body. */
export type ModuleCode = (
  scope: object,
) => (require: Require, module: Module, exports: unknown) => void;

/** Compiled templates by path without ending, as the template engine takes them. */
export type TemplateCode = (
  getRegExp: (pattern: string, flags?: string) => RegExp,
  getDate: (...time: unknown[]) => Date,
) => Readonly<Record<string, (name: string) => never>>;

/** An app's code, ready to run. */
export interface AppCode {
  readonly templates: TemplateCode;
  readonly modules: Readonly<Record<string, ModuleCode>>;
}

/**
 * A module as a JavaScript expression. `with` takes the browser's own names away from it without
 * a list of them at build time; code starts on the first line, so positions stay true.
 */
export function moduleExpression(source: string): string {
  return `(function (scope) { with (scope) { return function (require, module, exports) { "use strict"; ${source}\n}; } })`;
}

export function templatesExpression(templates: string): string {
  return `(function (getRegExp, getDate) { return ${templates}\n})`;
}

/** The whole app as one classic script that leaves an {@link AppCode} under a global name. */
export function appScript(app: AppFiles, globalName: string): string {
  const modules = Object.entries(app.scripts).map(
    ([path, source]) => `${JSON.stringify(path)}: ${moduleExpression(source)}`,
  );
  return `var ${globalName} = { templates: ${templatesExpression(app.templates)}, modules: {\n${modules.join(",\n")}\n} };`;
}
