import type { BuiltIn } from "./built-in.ts";
import { groupValue } from "./choice.ts";

export const form: BuiltIn = {
  // Enter in a field would load another page; the mini-program's forms know buttons only.
  prepare: (element: HTMLFormElement) => {
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
    });
  },
};

/** What `bindsubmit` is told: the value of every element with a name. */
export function formValue(form: HTMLElement): Readonly<Record<string, unknown>> {
  const named = [...form.querySelectorAll<HTMLElement>("[name]")];
  return Object.fromEntries(
    named.map((element) => [element.getAttribute("name")!, valueOf(element)]),
  );
}

function valueOf(element: HTMLElement): unknown {
  if (element.localName.endsWith("-group")) return groupValue(element);
  const field = element as HTMLInputElement;
  return field.getAttribute("data-tag") === "switch" ? field.checked : field.value;
}
