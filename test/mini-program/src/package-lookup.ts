/**
 * Where a path in `require` or `usingComponents` may point to, best first, without the ending.
 *
 * A bare name is looked for beside the file, then in `miniprogram_npm` of its folder and of every
 * folder above.
 *
 * @param path As written.
 * @param from File that names it, relative to the app.
 */
export function lookupPlaces(path: string, from: string): readonly string[] {
  const folder = folderOf(from);
  if (path.startsWith("/")) return places(joinPath("", path));
  if (path.startsWith(".")) return places(joinPath(folder, path));
  const packages = foldersUpFrom(folder).map((above) => joinPath(above, `miniprogram_npm/${path}`));
  return [joinPath(folder, path), ...packages].flatMap(places);
}

/** Joins and takes out `.` and `..`; nothing leads above the app. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith("/") ? "" : folder}/${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

export function folderOf(file: string): string {
  return file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : "";
}

function foldersUpFrom(folder: string): readonly string[] {
  return folder === "" ? [""] : [folder, ...foldersUpFrom(folderOf(folder))];
}

function places(path: string): readonly string[] {
  return [path, joinPath(path, "index")];
}
