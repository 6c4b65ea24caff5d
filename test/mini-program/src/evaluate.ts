import { runInThisContext } from "node:vm";
import { type AppCode, moduleExpression, templatesExpression } from "./app-code.ts";
import type { AppFiles } from "./app-files.ts";

/** Evaluates an app's files in this realm; stack traces name the app's own files. */
export function evaluateApp(app: AppFiles): AppCode {
  const evaluate = (expression: string, file: string) =>
    runInThisContext(expression, { filename: `${app.directory}/${file}` });
  return {
    templates: evaluate(templatesExpression(app.templates), "templates.js"),
    modules: Object.fromEntries(
      Object.entries(app.scripts).map(([path, source]) => [
        path,
        (scope) => evaluate(moduleExpression(source), path)(scope),
      ]),
    ),
  };
}
