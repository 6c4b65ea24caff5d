import { domSelector } from "./dom-selector.ts";
import { evaluateApp } from "./evaluate.ts";
import { type RunOptions, runApp } from "./run-app.ts";
import { touch } from "./touch.ts";
import { isVisible, visibleText } from "./visible-text.ts";
import type { OpenPage } from "./page-stack.ts";

export type StartOptions = Omit<RunOptions, "code">;

/**
 * A running mini-program as its user has it in hand. Selectors are WXML's: tags, classes and ids
 * of the page shown and of every component in it.
 *
 * What is awaited has been delivered and handled; answers of hooks and servers may still be out.
 */
export interface MiniProgram {
  /** The page shown. */
  page(): OpenPage;
  /** Touches an element. @throws Error if it is absent, hidden or disabled. */
  tap(selector: string): Promise<void>;
  /** Types into a field, then leaves it. */
  input(selector: string, value: string): Promise<void>;
  /** What can be read on the screen, or in one element. */
  text(selector?: string): string;
  query(selector: string): HTMLElement | null;
  queryAll(selector: string): readonly HTMLElement[];
  navigateTo(url: string): Promise<void>;
  navigateBack(delta?: number): Promise<void>;
  switchTab(url: string): Promise<void>;
  /** The user goes to another app. */
  hideApp(): void;
  /** The user comes back. */
  showApp(): void;
  getApp(): Record<string, unknown>;
  stop(): void;
}

/** Runs a mini-program in jsdom: where this is called, `document` and `window` are global. */
export async function startApp(options: StartOptions): Promise<MiniProgram> {
  const running = runApp({ ...options, code: evaluateApp(options.app) });
  const { stack, screen } = running;
  const queryAll = (selector: string) => [
    ...stack.top().element.querySelectorAll<HTMLElement>(domSelector(selector)),
  ];
  const query = (selector: string) => queryAll(selector)[0] ?? null;
  const reachable = (selector: string): HTMLElement => {
    const found = queryAll(selector);
    const element = found.find(isVisible);
    if (element === undefined)
      throw new Error(
        `${selector} is ${found.length > 0 ? "hidden" : "not"} on ${stack.top().path}`,
      );
    if (element.closest(":disabled") !== null) throw new Error(`${selector} is disabled`);
    return element;
  };
  const then = (act: () => void): Promise<void> => {
    act();
    return nextTurn();
  };
  await nextTurn();

  return {
    page: stack.top,
    query,
    queryAll,
    tap: async (selector) => then(() => touch(reachable(selector))),
    input: async (selector, value) => then(() => type(reachable(selector), value)),
    text: (selector) => visibleText(selector === undefined ? screen : reachable(selector)),
    navigateTo: async (url) => then(() => stack.navigateTo(url)),
    navigateBack: async (delta) => then(() => stack.navigateBack(delta)),
    switchTab: async (url) => then(() => stack.switchTab(url)),
    hideApp: running.hideApp,
    showApp: running.showApp,
    getApp: running.getApp,
    stop: running.stop,
  };
}

function type(element: HTMLElement, value: string): void {
  const field = element as HTMLInputElement;
  field.focus();
  field.value = value;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.blur();
}

/** Lets what has been set off settle: promises first, then what waits for its turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve));
}
