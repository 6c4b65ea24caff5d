import type { AppCode, Module } from "./app-code.ts";
import { lookupPlaces } from "./package-lookup.ts";

/** Runs a file of the app once and answers its exports. */
export type LoadModule = (file: string) => unknown;

/** CommonJS over an app's files. */
export function createModuleLoader(code: AppCode, scope: object): LoadModule {
  const loaded = new Map<string, Module>();
  const load: LoadModule = (file) => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module: Module = { exports: {} };
    loaded.set(file, module);
    const require = (path: string) => load(find(code, path, file));
    code.modules[file]!(scope).call(undefined, require, module, module.exports);
    return module.exports;
  };
  return load;
}

function find(code: AppCode, path: string, from: string): string {
  const found = lookupPlaces(path, from)
    .flatMap((place) => [place, `${place}.js`])
    .find((file) => file in code.modules);
  if (found === undefined) throw new Error(`module "${path}" is not defined, required by ${from}`);
  return found;
}
