import * as glassEasel from "glass-easel";
import type { CodeSpace } from "glass-easel-miniprogram-adapter";
import type { AppCode } from "./app-code.ts";
import type { AppFiles } from "./app-files.ts";
import { createAppInstance } from "./app-instance.ts";
import { createAppScope } from "./app-scope.ts";
import { BASE_STYLE } from "./base-style.ts";
import { createAppSpace } from "./code-space.ts";
import { createDefinitions } from "./definitions.ts";
import { DomBackend } from "./dom-backend.ts";
import { deliverEvents } from "./events.ts";
import { createModuleLoader } from "./module-loader.ts";
import { createNavigation } from "./navigation.ts";
import type { OpenTypeHooks } from "./open-type.ts";
import { createPageLoader } from "./page-loader.ts";
import { createPageStack, type PageStack } from "./page-stack.ts";
import { createTabBar } from "./tab-bar.ts";
import { createTapActions } from "./tap-actions.ts";

export interface RunOptions {
  readonly app: AppFiles;
  readonly code: AppCode;
  /** The host object the app sees; the container puts `navigateTo` and its like into it. */
  readonly wx: object;
  readonly hooks?: OpenTypeHooks;
  /** Told every error of the app's code (thrown again, outside of all handlers). */
  readonly onError?: (error: unknown) => void;
  /** Page to begin with, perhaps with a query (the first of `app.json`). */
  readonly url?: string;
}

export interface RunningApp {
  readonly stack: PageStack;
  /** All the app shows. */
  readonly screen: HTMLElement;
  getApp(): Record<string, unknown>;
  /** The user leaves the app for another one. */
  hideApp(): void;
  /** The user comes back. */
  showApp(options?: object): void;
  stop(): void;
}

/** Runs a mini-program in this document. */
export function runApp(options: RunOptions): RunningApp {
  const { app, code, wx } = options;
  const stopErrors = reportErrors(options.onError ?? throwOutside);
  const dom = new DomBackend();
  const tabBar = createTabBar(app.config.tabBar?.list ?? [], (path) => stack.switchTab(`/${path}`));
  const screen = createScreen(tabBar.element);
  const space = createAppSpace(app, code, dom);
  const loadPage = createPageLoader(space, dom, screen.pages, ({ path }) => tabBar.show(path));
  const stack = createPageStack(app.config, loadPage);
  const instance = createAppInstance();

  deliverEvents(dom, createTapActions(stack, options.hooks ?? {}));
  Object.assign(wx, createNavigation(stack));
  loadCode(app, code, space.space, {
    wx,
    App: instance.register,
    getApp: instance.get,
    getCurrentPages: () => stack.pages.map((page) => page.instance),
  });
  instance.tell("onLaunch", {});
  instance.tell("onShow", {});
  stack.reLaunch(`/${options.url ?? app.config.pages[0]!}`);

  return {
    stack,
    screen: screen.element,
    getApp: instance.get,
    hideApp() {
      stack.top().hide();
      instance.tell("onHide");
    },
    showApp(shown = {}) {
      instance.tell("onShow", shown);
      stack.top().show();
    },
    stop() {
      stack.close();
      stopErrors();
      screen.remove();
    },
  };
}

/** Runs every file that registers something, once: the app, then components before who uses them. */
function loadCode(
  app: AppFiles,
  code: AppCode,
  space: CodeSpace,
  globals: Readonly<Record<string, unknown>>,
): void {
  let current = "app";
  const definitions = createDefinitions(space, () => current);
  const load = createModuleLoader(code, createAppScope({ ...globals, ...definitions }));
  if ("app.js" in code.modules) load("app.js");
  for (const path of Object.keys(app.components)) {
    current = path;
    load(`${path}.js`);
  }
}

function createScreen(tabBar: HTMLElement) {
  const style = document.head.appendChild(document.createElement("style"));
  style.textContent = BASE_STYLE;
  const element = document.body.appendChild(document.createElement("mini-program-screen"));
  const pages = element.appendChild(document.createElement("mini-program-pages"));
  element.append(tabBar);
  const remove = () => {
    style.remove();
    // The engine's touch listeners stay on the body and would take the next app's touches.
    document.body.replaceWith(document.createElement("body"));
  };
  return { element, pages, remove };
}

function reportErrors(report: (error: unknown) => void): () => void {
  const listener = (error: unknown) => {
    report(error);
    return false;
  };
  glassEasel.addGlobalErrorListener(listener);
  return () => glassEasel.removeGlobalErrorListener(listener);
}

/** A test runner and a browser take notice of what is thrown outside of every handler. */
function throwOutside(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
