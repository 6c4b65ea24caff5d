import { formValue } from "./elements/form.ts";
import { raise } from "./events.ts";
import { type OpenTypeHooks, runOpenTypes } from "./open-type.ts";
import type { PageStack } from "./page-stack.ts";

/** What a tap does by itself, after the app's own handlers: buttons that open or submit, links. */
export function createTapActions(stack: PageStack, hooks: OpenTypeHooks) {
  return (touched: Element): void => {
    const element = touched.closest("button, navigator");
    if (element === null) return;
    if (element.localName === "navigator") followLink(element, stack);
    else pressButton(element, hooks);
  };
}

function pressButton(button: Element, hooks: OpenTypeHooks): void {
  void runOpenTypes(button, hooks);
  const form = button.closest("form");
  if (form === null) return;
  const type = button.getAttribute("form-type");
  if (type === "submit") raise(form, "submit", { value: formValue(form) });
  if (type === "reset") form.reset();
}

function followLink(link: Element, stack: PageStack): void {
  const url = link.getAttribute("url") ?? "";
  switch (link.getAttribute("open-type") ?? "navigate") {
    case "navigate":
      return stack.navigateTo(url);
    case "redirect":
      return stack.redirectTo(url);
    case "switchTab":
      return stack.switchTab(url);
    case "reLaunch":
      return stack.reLaunch(url);
    case "navigateBack":
      return stack.navigateBack(Number(link.getAttribute("delta") ?? 1));
  }
}
