import type { TabItem } from "./app-files.ts";

/** The bar under the pages; a click on an item asks for its page. */
export function createTabBar(
  items: readonly TabItem[],
  choose: (path: string) => void,
): { readonly element: HTMLElement; show(path: string): void } {
  const element = document.createElement("mini-program-tab-bar");
  element.setAttribute("role", "tablist");
  for (const { pagePath, text } of items) {
    const button = element.appendChild(document.createElement("button"));
    button.textContent = text;
    button.dataset["path"] = pagePath;
    button.setAttribute("role", "tab");
    button.addEventListener("click", () => choose(pagePath));
  }
  return {
    element,
    show(path) {
      element.hidden = !items.some(({ pagePath }) => pagePath === path);
      for (const button of element.children)
        button.setAttribute(
          "aria-selected",
          String((button as HTMLElement).dataset["path"] === path),
        );
    },
  };
}
