import postcss, { type Root } from "postcss";
import { styleScopeOf } from "./app-files.ts";
import type { AppFolder } from "./app-folder.ts";
import { translateSelector } from "./dom-selector.ts";
import { joinPath, folderOf } from "./package-lookup.ts";
import { rpxToCss } from "./rpx.ts";

/**
 * A WXSS file as CSS: imports put in, `rpx` turned into parts of the width, classes in their scope.
 *
 * @param scope Path of the component that owns it; `""` for what pages share.
 * @throws Error with file, line and column where it cannot be read.
 */
export function compileStyle(folder: AppFolder, file: string, scope: string): string {
  const root = readWithImports(folder, file);
  root.walkDecls((declaration) => {
    declaration.value = rpxToCss(declaration.value);
  });
  root.walkRules((rule) => {
    rule.selector = scopeSelector(rule.selector, scope);
  });
  return root.toString();
}

function readWithImports(folder: AppFolder, file: string): Root {
  const root = postcss.parse(folder.text(file), { from: `${folder.directory}/${file}` });
  root.walkAtRules("import", (rule) => {
    const path = rule.params.replaceAll(/^['"]|['"]$/g, "");
    rule.replaceWith(readWithImports(folder, joinPath(folderOf(file), path)));
  });
  return root;
}

function scopeSelector(selector: string, scope: string): string {
  if (scope === "") return translateSelector(selector, (name) => `.${name}`);
  const prefix = styleScopeOf(scope);
  return translateSelector(
    selector.replaceAll(":host", `[wx-host="${prefix}"]`),
    (name) => `.${prefix}--${name}`,
  );
}
