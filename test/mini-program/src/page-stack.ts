import type { AppConfig } from "./app-files.ts";
import { folderOf, joinPath } from "./package-lookup.ts";

/** A page that has been opened. */
export interface OpenPage {
  readonly path: string;
  /** What stands after `?`, values as written. */
  readonly query: Readonly<Record<string, string>>;
  /** The app's own page object. */
  readonly instance: PageInstance;
  /** Its place in the DOM. */
  readonly element: HTMLElement;
  show(): void;
  hide(): void;
  unload(): void;
}

export interface PageInstance {
  readonly data: Readonly<Record<string, unknown>>;
  setData(data: Readonly<Record<string, unknown>>): void;
  readonly [field: string]: unknown;
}

export type LoadPage = (path: string, query: Readonly<Record<string, string>>) => OpenPage;

export interface PageStack {
  readonly pages: readonly OpenPage[];
  top(): OpenPage;
  navigateTo(url: string): void;
  redirectTo(url: string): void;
  switchTab(url: string): void;
  reLaunch(url: string): void;
  navigateBack(delta?: number): void;
  /** Unloads every page, kept ones too. */
  close(): void;
}

const MOST_PAGES = 10;

/**
 * The pages over each other; pages of the tab bar are kept when another tab is shown.
 *
 * Every method throws an `Error` with the platform's words where it refuses.
 */
export function createPageStack(config: AppConfig, load: LoadPage): PageStack {
  const pages: OpenPage[] = [];
  const tabs = new Map<string, OpenPage>();
  const tabPaths = new Set(config.tabBar?.list.map(({ pagePath }) => pagePath));
  const top = (): OpenPage => pages.at(-1)!;

  const push = (url: string): void => {
    const { path, query } = target(url);
    const page = tabs.get(path) ?? load(path, query);
    if (tabPaths.has(path)) tabs.set(path, page);
    pages.push(page);
    page.show();
  };
  const pop = (count: number): void => {
    for (const page of pages.splice(pages.length - count).toReversed())
      if (tabs.get(page.path) === page) page.hide();
      else page.unload();
  };
  const close = (): void => {
    const open = new Set([...tabs.values(), ...pages.splice(0)]);
    tabs.clear();
    for (const page of open) page.unload();
  };
  const target = (url: string) => {
    const { path, query } = parseUrl(url, pages.at(-1)?.path ?? "");
    if (!config.pages.includes(path)) throw new Error(`page "${path}" is not found`);
    return { path, query };
  };
  const refuseTab = (url: string, action: string): void => {
    if (tabPaths.has(target(url).path)) throw new Error(`can not ${action} a tabbar page`);
  };

  return {
    pages,
    top,
    navigateTo(url) {
      refuseTab(url, "navigateTo");
      if (pages.length >= MOST_PAGES) throw new Error("webview count limit exceed");
      top().hide();
      push(url);
    },
    redirectTo(url) {
      refuseTab(url, "redirectTo");
      tabs.delete(top().path);
      const absolute = absoluteUrl(url, top().path);
      pop(1);
      push(absolute);
    },
    switchTab(url) {
      const { path } = target(url);
      if (!tabPaths.has(path)) throw new Error("can not switch to no-tabBar page");
      if (top().path === path) return;
      pop(pages.length);
      push(`/${path}`);
    },
    reLaunch(url) {
      target(url);
      const absolute = absoluteUrl(url, pages.at(-1)?.path ?? "");
      close();
      push(absolute);
    },
    navigateBack(delta = 1) {
      if (pages.length === 1) throw new Error("cannot navigate back at first page");
      pop(Math.min(delta, pages.length - 1));
      top().show();
    },
    close,
  };
}

function absoluteUrl(url: string, from: string): string {
  const [path, query] = url.split("?");
  const absolute = `/${joinPath(folderOf(from), path!)}`;
  return query === undefined ? absolute : `${absolute}?${query}`;
}

function parseUrl(url: string, from: string) {
  const [path, query = ""] = absoluteUrl(url, from).slice(1).split("?");
  const pairs = query.split("&").filter((pair) => pair !== "");
  const entries = pairs.map((pair): [string, string] => {
    const [name, ...value] = pair.split("=");
    return [name!, value.join("=")];
  });
  return { path: path!, query: Object.fromEntries(entries) };
}
