/** What `app.json` says, as far as the container reads it. */
export interface AppConfig {
  readonly pages: readonly string[];
  readonly tabBar?: { readonly list: readonly TabItem[] };
  readonly usingComponents?: UsingComponents;
}

export interface TabItem {
  readonly pagePath: string;
  readonly text: string;
}

/** Tag name to path; in a built app every path is absolute and exists. */
export type UsingComponents = Readonly<Record<string, string>>;

/** The JSON file of a page or component. */
export interface ComponentConfig {
  readonly component?: boolean;
  readonly usingComponents: UsingComponents;
  readonly [option: string]: unknown;
}

/** A mini-program read from its folder and compiled: plain data, the same for every runtime. */
export interface AppFiles {
  /** The folder it was read from. */
  readonly directory: string;
  readonly config: AppConfig;
  /** Pages and components by path without ending, dependencies first. */
  readonly components: Readonly<Record<string, ComponentConfig>>;
  /** A JavaScript expression: all templates, given `getRegExp` and `getDate` of WXS. */
  readonly templates: string;
  /** CSS by path without ending; classes carry the scope of their component. */
  readonly styles: Readonly<Record<string, string>>;
  /** CommonJS source by path with ending. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** The name before the classes of a component; pages share the scope without a name. */
export function styleScopeOf(path: string): string {
  return path.replaceAll(/[^\w-]/g, "-");
}
