import type { AppConfig, ComponentConfig, UsingComponents } from "./app-files.ts";
import type { AppFolder } from "./app-folder.ts";
import { lookupPlaces } from "./package-lookup.ts";

/** Every page and every component a page reaches, dependencies first. */
export function readComponents(
  folder: AppFolder,
  app: AppConfig,
): Readonly<Record<string, ComponentConfig>> {
  const shared = resolveAll(folder, "app.json", app.usingComponents ?? {});
  const found = new Map<string, ComponentConfig>();
  const reading = new Set<string>();
  const read = (path: string): void => {
    if (found.has(path) || reading.has(path)) return;
    reading.add(path);
    const config = readConfig(folder, path, shared);
    for (const used of Object.values(config.usingComponents)) read(used.slice(1));
    found.set(path, config);
  };
  app.pages.forEach(read);
  return Object.fromEntries(found);
}

function readConfig(folder: AppFolder, path: string, shared: UsingComponents): ComponentConfig {
  for (const ending of [".wxml", ".js"])
    if (!folder.has(path + ending))
      throw new Error(`${folder.directory}/${path}${ending}: missing`);
  const own = folder.json(`${path}.json`) ?? {};
  const using = (own["usingComponents"] ?? {}) as UsingComponents;
  return {
    ...own,
    usingComponents: { ...shared, ...resolveAll(folder, `${path}.json`, using) },
  };
}

function resolveAll(folder: AppFolder, from: string, using: UsingComponents): UsingComponents {
  return Object.fromEntries(
    Object.entries(using).map(([tag, path]) => [tag, `/${resolve(folder, from, path)}`]),
  );
}

function resolve(folder: AppFolder, from: string, path: string): string {
  const place = lookupPlaces(path, from).find((candidate) => folder.has(`${candidate}.wxml`));
  if (place === undefined)
    throw new Error(`${folder.directory}/${from}: component "${path}" not found`);
  return place;
}
